-- By which tree of units a draft was printed: that of its period's time, or today's. Only the first is the report that a period owes.
alter table release.draft add column tree text not null default 'then' check (tree in ('then', 'today'));

-- Delivery calendar, coverage by unit and period, outbox, alerts, and what the outside watcher named.

-- reference: when what is due, and who was let off --------------------------------------------------------------------
create table reference.delivery_calendar (
  province text not null,
  feed text not null,
  period_kind text not null check (period_kind in ('day', 'month', 'quarter', 'half', 'nine_months', 'year')),
  applies_to text not null check (applies_to in ('province', 'agency', 'department', 'district', 'commune', 'one_stop')),
  open_working_days int check (open_working_days >= 0),  -- received from so many working days before the cut-off; none = the first day
  due_working_days int not null check (due_working_days >= 0),        -- đúng hạn đến, after the cut-off
  accept_working_days int not null,                                   -- còn nhận đến
  valid_from date not null,
  valid_to date,
  constructed boolean not null,               -- true: ours, no source prescribes it
  source text not null,
  primary key (province, feed, period_kind, applies_to, valid_from),
  check (accept_working_days >= due_working_days)
);

create table reference.delivery_exception (
  agency_code text not null,
  province text not null,
  feed text not null,
  period_code text not null,
  kind text not null check (kind in ('exempt', 'extended')),
  until date not null,                        -- exempt: the last day it is believed; extended: the new last day
  decided_by text not null,
  reason text not null,
  primary key (agency_code, province, feed, period_code)
);

create table reference.known_issue (          -- failures that somebody works on: quiet until a day, then they fail again
  province text not null,
  what text not null,                         -- an alert's key; a * at its end stands for any rest
  owner text not null,                        -- role or name of who mends it
  until date not null,
  reason text not null,
  primary key (province, what)
);

-- a contact may stand for one unit: a sender's own clerk
alter table reference.contact add column agency_code text;

-- ops: who was expected and what came, per unit and period of a cut ---------------------------------------------------
create table ops.unit_coverage (
  agency_code text not null,
  cut_id bigint not null references ops.cut,
  feed text not null,
  period_code text not null,
  sender_code text,                           -- who sends for it; none = nobody has a source
  expected smallint not null check (expected in (0, 1)),
  arrived smallint not null check (arrived in (0, 1)),
  accepted smallint not null check (accepted in (0, 1)),
  usable smallint not null check (usable in (0, 1)),
  on_time smallint not null check (on_time in (0, 1)),
  state text not null,
  due_on date,                                -- đúng hạn đến
  accept_on date,                             -- còn nhận đến
  last_arrived_at timestamptz,
  exception_kind text,
  exception_until date,
  exception_by text,
  exception_reason text,
  primary key (agency_code, cut_id, feed, period_code)
);
create index on ops.unit_coverage (cut_id);

create table ops.outbox (                     -- decision 24: intent first; what may have gone out is never sent again by itself
  agency_code text not null,                  -- the unit it is about
  message_id text primary key,                -- stable: the same intent is the same message
  province text not null,
  kind text not null,                         -- reminder, alert, watch
  role text not null,
  recipients text[] not null,
  subject text not null,
  body text not null,
  html text,
  planned_at timestamptz not null,
  state text not null check (state in ('planned', 'sending', 'sent', 'in_doubt', 'failed', 'dropped')),
  attempts int not null default 0,
  changed_at timestamptz not null,
  error text
);
create index on ops.outbox (province, state);

create table ops.alert (                      -- what a role was told on a day, so that the next day can strike it through
  agency_code text not null,
  province text not null,
  role text not null,
  day date not null,
  what text not null,
  message_vi text not null,
  state text not null check (state in ('open', 'known', 'solved')),
  primary key (agency_code, province, role, day, what)
);

create table ops.watched (                    -- what the outside watcher named, once per deadline
  agency_code text not null,
  province text not null,
  what text not null,
  deadline timestamptz not null,
  named_at timestamptz not null,
  message_vi text not null,
  primary key (agency_code, province, what, deadline)
);

-- release: the coverage by unit is frozen with its release ------------------------------------------------------------
alter table release.partition drop constraint partition_mart_check;
alter table release.partition add constraint partition_mart_check
  check (mart in ('measure', 'index_criterion', 'index_unit', 'compliance', 'coverage', 'unit_coverage'));

create table release.unit_coverage (
  agency_code text not null,
  partition_hash text not null references release.partition,
  period_code text not null,
  feed text not null,
  sender_code text,
  expected smallint not null,
  arrived smallint not null,
  accepted smallint not null,
  usable smallint not null,
  on_time smallint not null,
  state text not null,
  due_on date,
  accept_on date,
  last_arrived_at timestamptz,
  exception_kind text,
  exception_until date,
  exception_by text,
  exception_reason text,
  primary key (agency_code, partition_hash, feed)
);
create trigger append_only before update or delete or truncate on release.unit_coverage
  for each statement execute function audit.refuse_change();

-- rights --------------------------------------------------------------------------------------------------------------
grant select, insert, update, delete on reference.delivery_calendar, reference.delivery_exception, reference.known_issue to cchc_loader;
grant select, insert, delete on ops.unit_coverage to cchc_loader;
grant select, insert, update on ops.outbox, ops.alert, ops.watched to cchc_loader;
grant select on reference.delivery_calendar, reference.delivery_exception, reference.known_issue, ops.unit_coverage to cchc_transformer;
grant select, insert on release.unit_coverage to cchc_transformer;
grant select on release.unit_coverage to cchc_reader, cchc_web;

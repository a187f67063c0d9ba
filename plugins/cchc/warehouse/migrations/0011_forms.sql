-- Forms II.06a and II.07b (TT 01/2020/TT-VPCP) are marts of the release. Columns bear the form's own numbers (docs/glossary.md).

alter table release.partition drop constraint partition_mart_check;
alter table release.partition add constraint partition_mart_check
  check (mart in ('measure', 'index_criterion', 'index_unit', 'compliance', 'coverage', 'unit_coverage', 'reconciliation',
                  'form_ii06a', 'form_ii07b'));

-- dossiers: 3 = 4 + 5 + 6 = 7 + 11; 7 = 8 + 9 + 10; 11 = 12 + 13
create table release.form_ii06a (
  agency_code text not null,
  partition_hash text not null references release.partition,
  period_code text not null,
  dim text not null,                          -- '' = the unit, the whole province; sector=... of a unit, level=... of the province
  sector_vi text,                             -- of dim sector=...; empty = not known
  c3 bigint not null,                         -- received: in all
  c4 bigint not null,                         --   in the period, online
  c5 bigint not null,                         --   in the period, at the desk or by post
  c6 bigint not null,                         --   carried over from the period before
  c7 bigint not null,                         -- resolved: in all
  c8 bigint not null,                         --   early
  c9 bigint not null,                         --   on time, and by the form's note returned, stopped, without a due date
  c10 bigint not null,                        --   late
  c11 bigint not null,                        -- in process: in all
  c12 bigint not null,                        --   within time
  c13 bigint not null,                        --   overdue
  returned bigint not null,                   -- counted in 9
  stopped bigint not null,                    -- counted in 9
  no_due bigint not null,                     -- counted in 9
  paused bigint not null,                     -- in 12, or in 9 by the setting form_ii06a_paused
  resumed bigint not null,                    -- in 6 again, by the same setting
  primary key (agency_code, partition_hash, dim)
);

-- procedures in force at the cut-off: 3 = 4 + 5 + 6; 7 = 8 + 9 + 10 through one-stop; 11 = 12 + 13 + 14 with an internal process
create table release.form_ii07b (
  agency_code text not null,
  partition_hash text not null references release.partition,
  period_code text not null,
  dim text not null,                          -- '' = the unit, the whole province; sector=...
  sector_vi text,
  c3 bigint not null,
  c4 bigint not null,                         -- of the province's level; 5 the district's, 6 the commune's, and so on by threes
  c5 bigint not null,
  c6 bigint not null,
  c7 bigint not null,
  c8 bigint not null,
  c9 bigint not null,
  c10 bigint not null,
  c11 bigint,                                 -- empty = no catalogue tells internal processes
  c12 bigint,
  c13 bigint,
  c14 bigint,
  primary key (agency_code, partition_hash, dim)
);

create trigger append_only before update or delete or truncate on release.form_ii06a
  for each statement execute function audit.refuse_change();
create trigger append_only before update or delete or truncate on release.form_ii07b
  for each statement execute function audit.refuse_change();

-- rights
grant select, insert on release.form_ii06a, release.form_ii07b to cchc_transformer;
grant select on release.form_ii06a, release.form_ii07b to cchc_reader, cchc_web;

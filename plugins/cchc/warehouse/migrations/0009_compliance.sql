-- Duties as the directives word them: whom they bind, when a target falls due, what a plan asks of whom; the compliance mart's columns.

-- reference: duties ---------------------------------------------------------------------------------------------------
alter table reference.obligation
  add column clause_rank int not null default 0,      -- place of the clause in its directive; the loader reads it from the clause
  add column direction text check (direction in ('rising', 'falling')),  -- which way is better; empty = rising
  add column due_periods text,                        -- kinds of period at whose end the target falls due; empty = all of `periods`
  add column due_on date,                             -- periods that end before it are not due yet
  add column target_rule text check (target_rule in ('programme_time')), -- a target that the calendar gives
  add column awaits_measure boolean not null default false,              -- true: no measure is made for it yet, so it has no data
  add constraint obligation_applies_to_check check (applies_to ~
    '^(province|department|district|commune|agency|list|one_stop|inspected|drafting|entitled|surveyed|verifier|block:[a-z_]+)$'),
  add constraint obligation_trend_has_direction check (target_kind <> 'trend' or direction is not null),
  add constraint obligation_rule_is_of_a_plan check (target_rule is null or target_kind = 'by_plan');

create table reference.obligation_unit (       -- whom a duty that applies to a list binds, by name
  agency_code text not null,
  province text not null,
  obligation text not null,
  directive text not null,
  valid_from date not null,
  valid_to date,                              -- exclusive; empty = still
  primary key (agency_code, province, obligation, directive, valid_from),
  check (valid_to > valid_from)
);

create table reference.obligation_target (    -- what a plan asks of a unit in a period
  agency_code text,                           -- empty = every unit that the duty binds
  province text not null,
  obligation text not null,
  directive text not null,
  measure text not null,
  period_code text not null,
  target numeric not null,
  source text not null                        -- the plan
);
create unique index on reference.obligation_target
  (coalesce(agency_code, ''), province, obligation, directive, measure, period_code);

-- a multi-year programme is a period of its own (P2016-2020); the as-of is its cut-off
alter table reference.period drop constraint period_kind_check;
alter table reference.period add constraint period_kind_check
  check (kind in ('day', 'month', 'quarter', 'half', 'nine_months', 'year', 'programme')),
  add check (ends_on >= starts_on);

-- release: what stands beside a status. Rows frozen before this step have none of it, and their hash is over the columns before.
alter table release.compliance
  add column clause_rank int,
  add column direction text,
  add column numerator numeric,
  add column denominator numeric,
  add column previous_value numeric,          -- the same period a year before
  add column change numeric,
  add column first_broken_on date,
  add column first_broken_by text,            -- the kind of period it is known from; the duty's own kind = its end
  add column coverage numeric;                -- usable / expected deliveries of the measure's feeds

grant select, insert, update, delete on reference.obligation_unit, reference.obligation_target to cchc_loader;
grant select on reference.obligation_unit, reference.obligation_target to cchc_transformer;

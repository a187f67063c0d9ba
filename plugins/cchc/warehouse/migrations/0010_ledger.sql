-- The ledger of reconciliations: what is compared with what, what an agency says to a difference, the mart of the release.

-- reference: one row per comparison, so that a new one is data -------------------------------------------------------
-- A side is the sum of its terms' values, over the sum of its denominator's. A term is a code of the side's origin (a measure,
-- <measure>.numerator or .denominator; a line code; <criterion>, .max, .verified, .survey, .rank), or a number; `-` before it
-- subtracts, `?` after it lets it be missing, `|dim=value` names another breakdown than the compared line's. `*` is the line itself.
create table reference.reconciliation_check (
  province text not null,
  check_id text not null,
  title_vi text not null,
  own_from text not null check (own_from in ('measure', 'report_submission', 'national_index', 'survey_round')),
  own_numerator text not null,
  own_denominator text,
  own_factor numeric,                         -- empty = 1
  other_from text not null check (other_from in ('measure', 'report_submission', 'national_index', 'survey_round')),
  other_numerator text not null,
  other_denominator text,
  compare text not null check (compare in ('value', 'presence')), -- presence: both are more than 0, or neither
  report_kinds text,                          -- these reports must hold the other side; empty = where they do
  period_kinds text,                          -- of two measures: the kinds of period in which they are compared
  tolerance numeric not null check (tolerance >= 0),
  tolerance_percent numeric check (tolerance_percent >= 0),       -- of the other value; the wider one holds
  to_printed_digit boolean not null,          -- half of the last printed digit is tolerated
  constructed boolean not null,               -- true: the tolerance is ours, no text prescribes it
  source text not null,
  primary key (province, check_id),
  check ((own_numerator = '*') = (other_numerator = '*')),
  check ((own_from = 'measure' and other_from = 'measure') = (period_kinds is not null))
);

-- ops: what an agency says to a line of the ledger ---------------------------------------------------------------------
create table ops.reconciliation_explanation (
  agency_code text not null,
  explanation_id bigint generated always as identity,
  province text not null,
  period_code text not null,
  check_id text not null,
  book text not null,                         -- the report's or the index's code; '' = none
  about text not null,                        -- the breakdown, or whom the table's line speaks of; '' = the whole
  line_code text not null,
  explanation text not null check (btrim(explanation) <> ''),
  given_by text not null,                     -- who of the agency
  given_on date not null,                     -- nights as of earlier days do not know it
  recorded_at timestamptz not null,
  recorded_by text not null,
  primary key (agency_code, explanation_id)
);
create trigger append_only before update or delete or truncate on ops.reconciliation_explanation
  for each statement execute function audit.refuse_change();

-- release --------------------------------------------------------------------------------------------------------------
alter table release.partition drop constraint partition_mart_check;
alter table release.partition add constraint partition_mart_check
  check (mart in ('measure', 'index_criterion', 'index_unit', 'compliance', 'coverage', 'unit_coverage', 'reconciliation'));

create table release.reconciliation (
  agency_code text not null,
  partition_hash text not null references release.partition,
  period_code text not null,
  check_id text not null,
  book text not null,
  about text not null,
  line_code text not null,
  compared_vi text not null,
  own_value numeric,                          -- unrounded; a rate in per cent
  own_source text not null,                   -- figure ids, or the terms it was computed of
  other_value numeric,                        -- as delivered or printed
  other_source text not null,
  other_delivery bigint,
  other_line bigint,
  difference numeric,                         -- own less other
  tolerance numeric not null,
  verdict text not null check (verdict in ('agree', 'differs', 'own_missing', 'other_missing')),
  explanation text,
  explained_by text,
  explained_on date,
  primary key (agency_code, partition_hash, check_id, book, about, line_code)
);
create trigger append_only before update or delete or truncate on release.reconciliation
  for each statement execute function audit.refuse_change();

-- rights ---------------------------------------------------------------------------------------------------------------
grant select, insert, update, delete on reference.reconciliation_check to cchc_loader;
grant select, insert on ops.reconciliation_explanation to cchc_loader;
grant select on reference.reconciliation_check, ops.reconciliation_explanation to cchc_transformer;
grant select, insert on release.reconciliation to cchc_transformer;
grant select on release.reconciliation to cchc_reader, cchc_web;

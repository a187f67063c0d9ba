-- Made by `cchc contract sql` from contracts/feeds; a test holds both equal.
create table accepted.dossier_log (
  agency_code text not null,
  dossier_code text not null,
  procedure_code text,
  channel text,
  received_at timestamptz not null,
  due_at timestamptz,
  due_by timestamptz,
  finished_at timestamptz,
  closed_as text,
  apology_on date,
  has_error boolean,
  fee_due numeric(18,2),
  fee_collected numeric(18,2),
  updated_at timestamptz,
  _delivery bigint not null,
  _line bigint not null,
  _version timestamptz not null,
  _flags text
);
create index on accepted.dossier_log (_delivery);

create table accepted.organisation (
  agency_code text not null,
  one_stop_since date,
  modern_one_stop_listed boolean,
  modern_one_stop_stage text,
  modern_one_stop_live_on date,
  portal_since date,
  _delivery bigint not null,
  _line bigint not null,
  _version timestamptz not null,
  _flags text
);
create index on accepted.organisation (_delivery);

create table accepted.plan_task (
  agency_code text not null,
  plan_year bigint not null,
  task_code text not null,
  plan_kind text not null,
  title text not null,
  output text,
  owner text,
  due_on date,
  finished_on date,
  excused_reason text,
  _delivery bigint not null,
  _line bigint not null,
  _version timestamptz not null,
  _flags text
);
create index on accepted.plan_task (_delivery);

create table accepted.procedure_catalogue (
  agency_code text not null,
  procedure_code text not null,
  name text not null,
  sector text,
  level text,
  one_stop boolean,
  interlinked boolean,
  statutory_days bigint,
  fee numeric(18,2),
  in_force_from date,
  in_force_to date,
  _delivery bigint not null,
  _line bigint not null,
  _version timestamptz not null,
  _flags text
);
create index on accepted.procedure_catalogue (_delivery);

create table accepted.staff (
  agency_code text not null,
  staff_id text not null,
  kind text not null,
  position text,
  in_post_from date not null,
  in_post_to date,
  _delivery bigint not null,
  _line bigint not null,
  _version timestamptz not null,
  _flags text
);
create index on accepted.staff (_delivery);

create table accepted.survey_response (
  agency_code text not null,
  response_id text not null,
  survey_code text not null,
  respondent_group text not null,
  answered_on date not null,
  overall text,
  _delivery bigint not null,
  _line bigint not null,
  _version timestamptz not null,
  _flags text
);
create index on accepted.survey_response (_delivery);


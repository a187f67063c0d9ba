-- Tables of all feeds, made by `cchc contract sql` from contracts/feeds; a test holds both equal.
create table accepted.communication (
  agency_code text not null,
  item_code text not null,
  medium text not null,
  title text,
  planned_on date,
  published_on date,
  times bigint,
  participants bigint,
  updated_at timestamptz,
  _delivery bigint not null,
  _line bigint not null,
  _version timestamptz not null,
  _flags text
);
create index on accepted.communication using brin (_delivery) with (pages_per_range = 32, autosummarize);

alter table accepted.dossier_log
  add column sector text,
  add column statutory_days numeric(18,4),
  add column paused_from timestamptz,
  add column paused_to timestamptz,
  add column paused_minutes bigint,
  add column paused_reason text,
  add column new_appointments bigint,
  add column new_due_at timestamptz,
  add column handed_over_at timestamptz,
  add column ended_at timestamptz,
  add column ended_reason text,
  add column financial_duty boolean,
  add column paid_online boolean,
  add column result_digital boolean,
  add column components_digitised boolean,
  add column data_reused boolean,
  add column stored_personal boolean,
  add column population_data_used boolean,
  add column synced_national_at timestamptz,
  add column rating text;

create table accepted.edocument_usage (
  agency_code text not null,
  period text not null,
  documents_sent bigint,
  documents_sent_electronically bigint,
  documents_signed_digitally bigint,
  documents_secret bigint,
  staff bigint,
  mailboxes_active bigint,
  portal_works boolean,
  portal_items_required bigint,
  portal_items_current bigint,
  connected_province boolean,
  connected_national boolean,
  _delivery bigint not null,
  _line bigint not null,
  _version timestamptz not null,
  _flags text
);
create index on accepted.edocument_usage using brin (_delivery) with (pages_per_range = 32, autosummarize);

create table accepted.feedback (
  agency_code text not null,
  feedback_code text not null,
  kind text not null,
  channel text,
  about text,
  procedure_code text,
  received_at timestamptz not null,
  due_on date,
  answered_on date,
  forwarded_on date,
  forwarded_to text,
  published_on date,
  out_of_scope boolean,
  result text,
  rating text,
  updated_at timestamptz,
  _delivery bigint not null,
  _line bigint not null,
  _version timestamptz not null,
  _flags text
);
create index on accepted.feedback using brin (_delivery) with (pages_per_range = 32, autosummarize);

create table accepted.finance_autonomy (
  agency_code text not null,
  period text not null,
  item_code text not null,
  record text not null,
  title text,
  level text,
  body_kind text,
  decree text,
  entitled boolean,
  autonomous_since date,
  degree text,
  purpose text,
  requested numeric(18,2),
  allocated numeric(18,2),
  spent numeric(18,2),
  desk_allowance_decided_on date,
  _delivery bigint not null,
  _line bigint not null,
  _version timestamptz not null,
  _flags text
);
create index on accepted.finance_autonomy using brin (_delivery) with (pages_per_range = 32, autosummarize);

create table accepted.inspection (
  agency_code text not null,
  inspection_code text not null,
  item_no bigint not null,
  record text not null,
  inspector_code text,
  kind text,
  topic text,
  planned_on date,
  done_on date,
  people_checked bigint,
  people_with_card bigint,
  violation_kind text,
  title text,
  found_on date,
  due_on date,
  remedied_on date,
  decided_on date,
  updated_at timestamptz,
  _delivery bigint not null,
  _line bigint not null,
  _version timestamptz not null,
  _flags text
);
create index on accepted.inspection using brin (_delivery) with (pages_per_range = 32, autosummarize);

create table accepted.legal_document (
  agency_code text not null,
  period text not null,
  document_code text not null,
  kind text not null,
  level text,
  title text not null,
  listed boolean,
  due_on date,
  drafted_on date,
  draft_published_on date,
  draft_closed_on date,
  document_no text,
  issued_on date,
  reviewed_on date,
  checked_on date,
  check_result text,
  handled_on date,
  _delivery bigint not null,
  _line bigint not null,
  _version timestamptz not null,
  _flags text
);
create index on accepted.legal_document using brin (_delivery) with (pages_per_range = 32, autosummarize);

create table accepted.national_index (
  agency_code text not null,
  period text not null,
  index_code text not null,
  subject text not null,
  criterion text not null,
  title text,
  points numeric(18,4),
  points_max numeric(18,4),
  points_verified numeric(18,4),
  points_survey numeric(18,4),
  rank bigint,
  ranked_among bigint,
  announced_on date,
  source_document text,
  _delivery bigint not null,
  _line bigint not null,
  _version timestamptz not null,
  _flags text
);
create index on accepted.national_index using brin (_delivery) with (pages_per_range = 32, autosummarize);

alter table accepted.organisation
  add column modern_one_stop_scheme_on date,
  add column modern_one_stop_appraised_on date,
  add column modern_one_stop_approved_on date,
  add column modern_one_stop_due_on date,
  add column one_stop_regulation_no text,
  add column one_stop_regulation_from date,
  add column one_stop_regulation_to date,
  add column one_stop_software_since date,
  add column one_stop_area_m2 numeric(18,4),
  add column one_stop_area_required_m2 numeric(18,4),
  add column one_stop_equipment_complete boolean,
  add column working_regulation_no text,
  add column working_regulation_from date,
  add column working_regulation_to date,
  add column function_reviewed_on date,
  add column iso_required boolean,
  add column iso_certified_on date,
  add column iso_valid_to date,
  add column centre_live_on date,
  add column centre_procedures_planned bigint,
  add column centre_procedures_moved bigint,
  add column certified_copy_required boolean,
  add column certified_copy_since date;

alter table accepted.plan_task
  add column task_kind text,
  add column lead_code text,
  add column resources text,
  add column decision_no text,
  add column programme_code text,
  add column programme_to_year bigint,
  add column survey_code text,
  add column excused_on date;

alter table accepted.procedure_catalogue
  add column interlinked_scope text,
  add column announced_on date,
  add column announce_due_on date,
  add column posting_due_on date,
  add column posted_office_on date,
  add column posted_web_on date,
  add column posted_national_on date,
  add column content_complete boolean,
  add column internal_process_on date,
  add column online_level text,
  add column online_since date,
  add column roadmap_level text,
  add column roadmap_due_on date,
  add column financial_duty boolean,
  add column online_payment_since date,
  add column review_due_on date,
  add column reviewed_on date,
  add column simplification_proposed_on date,
  add column simplified_on date,
  add column centre_moved_on date,
  add column population_db_required boolean,
  add column population_db_since date,
  add column personal_store_since date;

create table accepted.report_submission (
  agency_code text not null,
  period text not null,
  report_code text not null,
  line_code text not null,
  report_kind text not null,
  title text,
  document_no text,
  document_on date,
  due_on date,
  received_at timestamptz,
  signer_role text,
  has_lead_progress boolean,
  value numeric(18,4),
  value_unit text,
  value_note text,
  _delivery bigint not null,
  _line bigint not null,
  _version timestamptz not null,
  _flags text
);
create index on accepted.report_submission using brin (_delivery) with (pages_per_range = 32, autosummarize);

create table accepted.self_assessment (
  agency_code text not null,
  period text not null,
  framework text not null,
  criterion text not null,
  points numeric(18,4),
  not_applicable boolean,
  value numeric(18,4),
  explanation text,
  evidence text,
  evidence_place text,
  assessed_on date,
  _delivery bigint not null,
  _line bigint not null,
  _version timestamptz not null,
  _flags text
);
create index on accepted.self_assessment using brin (_delivery) with (pages_per_range = 32, autosummarize);

alter table accepted.staff
  add column level text,
  add column position_code text,
  add column rank text,
  add column rank_fits boolean,
  add column qualification text,
  add column qualification_fits boolean,
  add column at_one_stop boolean,
  add column one_stop_trained_on date,
  add column recruited_on date,
  add column appointed_by_exam boolean,
  add column left_as text,
  add column reviewed_on date,
  add column review_result text,
  add column review_published_on date,
  add column disciplined_on date,
  add column discipline text,
  add column has_card boolean;

create table accepted.staff_quota (
  agency_code text not null,
  period text not null,
  kind text not null,
  quota bigint,
  streamlining_target bigint,
  scheme_required boolean,
  scheme_submitted_on date,
  scheme_approved_on date,
  _delivery bigint not null,
  _line bigint not null,
  _version timestamptz not null,
  _flags text
);
create index on accepted.staff_quota using brin (_delivery) with (pages_per_range = 32, autosummarize);

create table accepted.survey_answer (
  agency_code text not null,
  response_id text not null,
  question text not null,
  survey_code text not null,
  respondent_group text not null,
  scale text not null,
  answer text,
  score numeric(18,4),
  answered_on date not null,
  updated_at timestamptz,
  _delivery bigint not null,
  _line bigint not null,
  _version timestamptz not null,
  _flags text
);
create index on accepted.survey_answer using brin (_delivery) with (pages_per_range = 32, autosummarize);

alter table accepted.survey_response
  add column sector text,
  add column procedure_code text,
  add column channel text,
  add column scale text,
  add column access text,
  add column procedures text,
  add column officials text,
  add column results text,
  add column feedback_handling text,
  add column apology text,
  add column updated_at timestamptz;

create table accepted.survey_round (
  agency_code text not null,
  period text not null,
  survey_code text not null,
  respondent_group text not null,
  title text,
  sector text,
  population bigint,
  sample_planned bigint,
  forms_sent bigint,
  forms_returned bigint,
  opened_on date,
  closed_on date,
  published_on date,
  _delivery bigint not null,
  _line bigint not null,
  _version timestamptz not null,
  _flags text
);
create index on accepted.survey_round using brin (_delivery) with (pages_per_range = 32, autosummarize);

create table accepted.training (
  agency_code text not null,
  class_code text not null,
  topic text not null,
  title text,
  planned_on date,
  planned_learners bigint,
  opened_on date,
  closed_on date,
  learners bigint,
  learners_desk bigint,
  updated_at timestamptz,
  _delivery bigint not null,
  _line bigint not null,
  _version timestamptz not null,
  _flags text
);
create index on accepted.training using brin (_delivery) with (pages_per_range = 32, autosummarize);

create table accepted.verification (
  agency_code text not null,
  period text not null,
  framework text not null,
  criterion text not null,
  round bigint not null,
  verifier_code text not null,
  outcome text not null,
  points numeric(18,4),
  not_applicable boolean,
  reason text,
  agency_explanation text,
  verified_on date not null,
  _delivery bigint not null,
  _line bigint not null,
  _version timestamptz not null,
  _flags text
);
create index on accepted.verification using brin (_delivery) with (pages_per_range = 32, autosummarize);

-- A delivery of a `window` feed replaces what its source sent before for the same period: which periods it names, and which
-- of them it speaks for in a cut.
create table ops.delivery_period (
  delivery_id bigint not null references ops.delivery,
  period text not null,
  rows bigint not null,                       -- accepted rows of this period
  primary key (delivery_id, period)
);

create table ops.cut_period (                 -- the periods for which a delivery in force counts
  cut_id bigint not null references ops.cut,
  delivery_id bigint not null references ops.delivery,
  period text not null,
  primary key (cut_id, delivery_id, period)
);

-- Evidence files and report documents: deliveries without rows.
create table ops.attachment (
  agency_code text not null,                  -- the sender
  delivery_id bigint not null references ops.delivery,
  file_type text not null,                    -- by its first bytes, not by its name
  size_bytes bigint not null,
  retention_class text not null,              -- reference.setting retention.<class>_days says how long
  primary key (agency_code, delivery_id)
);

grant select, insert, delete on all tables in schema accepted to cchc_loader;
grant select on all tables in schema accepted to cchc_transformer;
grant select, insert, update on ops.delivery_period to cchc_loader;  -- a replay adds rows
grant select, insert on ops.attachment to cchc_loader;
grant select, insert, delete on ops.cut_period to cchc_loader;
grant select on ops.delivery_period, ops.cut_period, ops.attachment to cchc_transformer;

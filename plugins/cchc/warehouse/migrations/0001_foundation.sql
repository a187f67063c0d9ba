-- Schemas, roles' rights and the tables that are not made from contracts. Runs as cchc_owner.
create schema ops;
create schema accepted;
create schema quarantine;
create schema reference;
create schema release;
create schema audit;

-- ops: what came, what was taken in, what each night did ------------------------------------------------------------
create table ops.source (
  source_id text primary key,                 -- <province>/<sender>/<name>
  province text not null,
  sender_code text not null,
  feed text not null,
  required boolean not null,
  synthetic boolean not null,
  expected_every text not null,               -- day, month, quarter, half, year
  active boolean not null default true,
  attempt bigint not null default 0           -- fences a worker that lost its heartbeat
);

create table ops.delivery (
  delivery_id bigint generated always as identity primary key,
  source_id text not null references ops.source,
  province text not null,
  feed text not null,
  contract_version int not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  name text not null,
  size_bytes bigint not null,
  arrived_at timestamptz not null,            -- when the sender handed it over
  received_at timestamptz not null,           -- when we took it
  status text not null check (status in ('received', 'accepted', 'held', 'refused', 'withdrawn')),
  judged boolean not null default false,      -- the feed's suite, or a person, has spoken
  reason_rule text,                           -- why it is held, refused or withdrawn
  reason text,
  rows_read bigint,
  rows_counted bigint,                        -- the second, independent count
  rows_accepted bigint,
  rows_unchanged bigint,
  rows_quarantined bigint,
  rows_skipped bigint,                        -- total rows, blank rows, exact duplicates
  unique (source_id, sha256),
  check (status in ('received', 'refused') or rows_read = rows_accepted + rows_unchanged + rows_quarantined + rows_skipped)
);
create index on ops.delivery (province, arrived_at);

create table ops.arrival (                    -- every file seen, also the same bytes again
  source_id text not null references ops.source,
  name text not null,
  size_bytes bigint not null,
  modified_at timestamptz not null,
  arrived_at timestamptz not null,
  delivery_id bigint not null references ops.delivery,
  primary key (source_id, name, size_bytes, modified_at)
);

create table ops.delivery_statistic (
  delivery_id bigint not null references ops.delivery,
  statistic text not null,
  value numeric,
  primary key (delivery_id, statistic)
);

create table ops.ingest (                     -- one sender's intake of one night
  province text not null,
  sender_code text not null,
  as_of timestamptz not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  state text not null check (state in ('running', 'done', 'failed')),
  message text,
  primary key (province, sender_code, as_of)
);

create table ops.cut (
  cut_id bigint generated always as identity primary key,
  province text not null,
  as_of timestamptz not null,
  taken_at timestamptz not null,
  content_hash text not null,                 -- of its deliveries: the same cut is not taken twice
  unique (province, as_of, content_hash)
);

create table ops.cut_delivery (
  cut_id bigint not null references ops.cut,
  delivery_id bigint not null references ops.delivery,
  in_force boolean not null,                  -- false: a newer snapshot of its source stands in its place
  primary key (cut_id, delivery_id)
);

create table ops.coverage (                   -- one row per expected source of a cut: none is dropped silently
  cut_id bigint not null references ops.cut,
  source_id text not null,
  sender_code text not null,
  feed text not null,
  required boolean not null,
  state text not null check (state in ('in', 'late', 'held', 'refused', 'absent')),
  last_delivery_id bigint,
  last_arrived_at timestamptz,
  primary key (cut_id, source_id)
);

create table ops.night (
  night_id bigint generated always as identity primary key,
  province text not null,
  as_of timestamptz not null,
  cut_id bigint references ops.cut,
  started_at timestamptz not null,
  ended_at timestamptz,
  state text not null check (state in ('running', 'built', 'red', 'released')),
  reason text                                 -- the one place that says why a night is red
);

create table ops.model_result (
  night_id bigint not null references ops.night,
  node text not null,
  status text not null,
  seconds numeric(10, 3) not null,
  rows_affected bigint,
  message text,
  primary key (night_id, node)
);

create table ops.suite_result (
  night_id bigint not null references ops.night,
  suite text not null,
  expectation text not null,
  subject text not null default '',           -- the delivery or mart it speaks of
  severity text not null check (severity in ('critical', 'warning')),
  success boolean not null,
  observed text,
  message_vi text not null,
  primary key (night_id, suite, expectation, subject)
);

create table ops.built_cut (                  -- the last cut whose facts are complete, per province
  province text primary key,
  cut_id bigint not null references ops.cut
);

-- quarantine: rows a contract refused ------------------------------------------------------------------------------
create table quarantine.row (
  delivery_id bigint not null references ops.delivery,
  line bigint not null,
  rule text not null,
  column_name text not null default '',
  message_vi text not null,
  cells jsonb not null,                       -- the row's columns without personal data
  primary key (delivery_id, line, rule, column_name)
);

-- reference: what the province folder says ---------------------------------------------------------------------------
create table reference.load (
  province text primary key,
  content_hash text not null,
  loaded_at timestamptz not null
);

create table reference.unit (
  agency_code text primary key,               -- unique in the nation
  province text not null,
  name_vi text not null,
  kind text not null,                         -- province, department, district, commune
  level text not null check (level in ('province', 'district', 'commune')),
  block text,                                 -- who it is ranked with; empty = not scored
  parent_code text,
  valid_from date not null,
  valid_to date,                              -- exclusive; empty = still there
  successor_codes text,                       -- space-separated
  decree text,
  sort_rank int not null,
  source text not null
);

create table reference.calendar_day (
  province text not null,
  day date not null,
  is_working boolean not null,
  working_number int not null,                -- running count of working days up to and including this day
  name_vi text,
  source text not null,
  primary key (province, day)
);

create table reference.period (
  province text not null,
  period_code text not null,
  kind text not null check (kind in ('day', 'month', 'quarter', 'half', 'nine_months', 'year')),
  regime text not null,
  starts_on date not null,
  ends_on date not null,                      -- inclusive
  due_on date not null,
  primary key (province, period_code)
);

create table reference.directive (            -- which directives bind the province
  province text not null,
  directive text not null,
  title_vi text not null,
  valid_from date not null,
  valid_to date,
  primary key (province, directive)
);

create table reference.obligation (
  province text not null,
  obligation text not null,                   -- e.g. DOS-01
  directive text not null,
  clause text not null,
  duty_vi text not null,
  measure text not null,
  applies_to text not null,                   -- province, agency, department, district, commune, one_stop
  target numeric,
  target_kind text not null check (target_kind in ('at_least', 'zero', 'by_plan', 'trend', 'done', 'information')),
  periods text not null,                      -- space-separated kinds
  valid_from date not null,
  valid_to date,
  primary key (province, obligation, directive, measure, applies_to)
);

create table reference.criterion (            -- every framework has these columns
  province text not null,
  framework text not null,
  version int not null,
  code text not null,
  parent text,
  title_vi text not null,
  points numeric(8, 3) not null,
  scored_by text check (scored_by in ('measure', 'file', 'survey')),
  measure text,
  rule text check (rule in ('bands', 'proportional')),
  parameters jsonb,
  empty_result text check (empty_result in ('zero', 'full', 'not_applicable')),
  verifier text,
  block text not null,
  year_from int not null,
  year_to int,
  constructed boolean not null,
  primary key (province, framework, version, block, code)
);

create table reference.grade (
  province text not null,
  framework text not null,
  version int not null,
  block text not null,
  grade_vi text not null,
  lower_bound numeric(6, 3) not null,
  primary key (province, framework, version, block, lower_bound)
);

create table reference.contact (
  province text not null,
  role text not null,
  name_vi text not null,
  email text not null,
  phone text,
  primary key (province, role, email)
);

create table reference.setting (              -- province-wide words and choices: name, place, body that issues
  province text not null,
  name text not null,
  value text not null,
  primary key (province, name)
);

-- release: frozen, gated results ---------------------------------------------------------------------------------
create table release.manifest (
  release_id text primary key,                -- <province>.<as-of date>.<sequence>
  province text not null,
  as_of timestamptz not null,
  cut_id bigint not null,
  night_id bigint not null,
  provisional boolean not null,
  reference_hash text not null,
  content_hash text not null,                 -- of the canonical list of partitions and notes
  notes jsonb not null,                       -- coverage, warnings: printed in the data notes
  signature text not null,                    -- Ed25519 over the canonical manifest, key outside the database
  created_at timestamptz not null,
  unique (province, as_of, content_hash)
);

create table release.partition (
  partition_hash text primary key,
  mart text not null check (mart in ('measure', 'index_criterion', 'index_unit', 'compliance', 'coverage')),
  period_code text not null,
  row_count bigint not null
);

create table release.manifest_partition (
  release_id text not null references release.manifest,
  partition_hash text not null references release.partition,
  primary key (release_id, partition_hash)
);

create table release.measure (
  agency_code text not null,
  partition_hash text not null references release.partition,
  period_code text not null,
  measure text not null,
  version int not null,
  dim text not null,
  figure text not null,                       -- <measure>@<version>:<unit>:<period>[:dim=value]
  numerator numeric,
  denominator numeric,
  value numeric,
  status text not null,                       -- SDMX observation status: A normal, M missing, P provisional
  primary key (agency_code, partition_hash, figure)
);

create table release.index_criterion (
  agency_code text not null,
  partition_hash text not null references release.partition,
  period_code text not null,
  framework text not null,
  version int not null,
  code text not null,
  parent text,
  title_vi text not null,
  points_max numeric not null,
  points_applicable numeric not null,
  points numeric,
  figure text,
  value numeric,
  stage text not null,
  primary key (agency_code, partition_hash, framework, version, code)
);

create table release.index_unit (
  agency_code text not null,
  partition_hash text not null references release.partition,
  period_code text not null,
  framework text not null,
  version int not null,
  block text not null,
  points numeric,
  points_applicable numeric,
  percent numeric,
  rank int,
  grade_vi text,
  is_forecast boolean not null,
  primary key (agency_code, partition_hash, framework, version)
);

create table release.compliance (
  agency_code text not null,
  partition_hash text not null references release.partition,
  period_code text not null,
  obligation text not null,
  directive text not null,
  clause text not null,
  measure text not null,
  target numeric,
  target_kind text not null,
  figure text not null,
  value numeric,
  status text not null check (status in ('met', 'not_met', 'not_due', 'not_applicable', 'no_data', 'information')),
  primary key (agency_code, partition_hash, obligation, directive, measure)
);

create table release.coverage (
  agency_code text not null,                  -- the sender
  partition_hash text not null references release.partition,
  period_code text not null,                  -- the as-of day
  source_id text not null,
  feed text not null,
  required boolean not null,
  state text not null,
  last_arrived_at timestamptz,
  primary key (agency_code, partition_hash, source_id)
);

create table release.draft (                  -- documents printed from a release, before anyone signs
  draft_id bigint generated always as identity primary key,
  release_id text not null references release.manifest,
  period_code text not null,
  scope_code text not null,                   -- the unit or province it speaks of
  format text not null,
  sha256 text not null,
  printed_at timestamptz not null,
  unique (release_id, period_code, scope_code, format, sha256)
);

-- audit: append-only from the first day ----------------------------------------------------------------------------
create table audit.event (
  event_id bigint generated always as identity primary key,
  at timestamptz not null,
  who text not null,
  role text not null default current_user,
  what text not null,
  subject text not null,
  hash_before text,
  hash_after text,
  reason text
);

create function audit.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '%.% is append-only', tg_table_schema, tg_table_name;
end
$$;
create trigger append_only before update or delete or truncate on audit.event
  for each statement execute function audit.refuse_change();

do $$
declare t text;
begin
  foreach t in array array['manifest', 'partition', 'manifest_partition', 'measure', 'index_criterion', 'index_unit',
                           'compliance', 'coverage', 'draft'] loop
    execute format('create trigger append_only before update or delete or truncate on release.%I
                    for each statement execute function audit.refuse_change()', t);
  end loop;
end
$$;

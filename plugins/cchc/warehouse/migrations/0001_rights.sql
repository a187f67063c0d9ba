-- rights (decision 13) -----------------------------------------------------------------------------------------------
grant usage on schema ops, accepted, quarantine, reference, audit to cchc_loader, cchc_transformer;
grant usage on schema release to cchc_transformer, cchc_reader, cchc_web;

grant select, insert, update on all tables in schema ops to cchc_loader;
grant select, insert on all tables in schema accepted, quarantine to cchc_loader;
grant delete on all tables in schema quarantine, accepted to cchc_loader;  -- duplicates of its own open delivery; replays
grant delete on ops.delivery_statistic, ops.coverage, ops.cut_delivery to cchc_loader;
grant select, insert, update, delete on all tables in schema reference to cchc_loader;

grant select on all tables in schema ops, accepted, quarantine, reference, release to cchc_transformer;
grant insert, update on ops.night, ops.model_result, ops.suite_result, ops.built_cut to cchc_transformer;
grant insert on release.manifest, release.partition, release.manifest_partition, release.measure, release.index_criterion,
  release.index_unit, release.compliance, release.coverage, release.draft to cchc_transformer;

grant select on all tables in schema release to cchc_reader, cchc_web;
grant insert on audit.event to cchc_loader, cchc_transformer;

-- the pages append through functions only; they arrive with the pages
create function audit.record(p_at timestamptz, p_who text, p_what text, p_subject text, p_reason text) returns bigint
language sql security definer set search_path = pg_catalog as $$
  insert into audit.event (at, who, role, what, subject, reason)
  values (p_at, p_who, session_user, p_what, p_subject, p_reason) returning event_id
$$;
revoke all on function audit.record from public;
grant usage on schema audit to cchc_web, cchc_reader;
grant execute on function audit.record to cchc_web;

-- A block range index finds a delivery only in ranges it has summed up; what is not summed up is read whole. The intake
-- asks for that as soon as a sender's rows are in.
create function ops.sum_up(p_feed text) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  select brin_summarize_new_values(i.indexrelid::regclass)
  from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam
  where i.indrelid = format('accepted.%I', p_feed)::regclass and a.amname = 'brin'
$$;
revoke all on function ops.sum_up from public;
grant execute on function ops.sum_up to cchc_loader;

-- Tables filled a moment ago have no figures for the planner, who then loops where it should hash: what a night asks is
-- analyzed before it does, where it has grown by a tenth since the last time.
create function ops.know_tables() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  relation regclass;
begin
  for relation in
    select c.oid::regclass from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('ops', 'reference', 'quarantine', 'accepted') and c.relkind = 'r'
      and pg_relation_size(c.oid) / current_setting('block_size')::bigint > case when c.reltuples < 0 then 0 else c.relpages * 1.1 end
  loop
    execute format('analyze %s', relation);
  end loop;
end
$$;
revoke all on function ops.know_tables from public;
grant execute on function ops.know_tables to cchc_loader;

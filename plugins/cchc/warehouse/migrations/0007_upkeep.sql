-- A block range index finds a delivery only in ranges it has summed up; what is not summed up is read whole. The intake
-- asks for that as soon as a sender's rows are in, a night for the planner's figures too where many rows are new.
create function ops.sum_up(p_feed text, p_analyze boolean) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  relation regclass := format('accepted.%I', p_feed)::regclass;
  known bigint;
begin
  perform brin_summarize_new_values(i.indexrelid::regclass)
  from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam
  where i.indrelid = relation and a.amname = 'brin';
  select relpages into known from pg_class where oid = relation;  -- as of the last analyze
  if p_analyze and pg_relation_size(relation) / current_setting('block_size')::bigint > 10 + known * 1.1 then
    execute format('analyze %s', relation);
  end if;
end
$$;
revoke all on function ops.sum_up from public;
grant execute on function ops.sum_up to cchc_loader;

-- Quarantine that closes, replays and goes back to its sender.
alter table quarantine.row
  add column row_key jsonb,                   -- the row's key, where every part of it read well; personal ids as keyed hashes
  add column version timestamptz,             -- the source's own stamp, which orders the versions of a key; empty: its arrival does
  add column state text not null default 'open' check (state in ('open', 'closed')),
  add column why text check (why in ('mended', 'superseded', 'withdrawn', 'replayed')),
  add column closed_by bigint references ops.delivery,
  add column closed_at timestamptz,
  add check ((state = 'open') = (why is null)),
  add check ((state = 'open') = (closed_at is null));

-- The sender's own headers of the columns that were read: a slip is written from the warehouse alone.
alter table ops.delivery add column headers jsonb;

-- A status that changes the meaning of the quarantine, and a replay that adds rows to a delivery already counted.
grant update on quarantine.row to cchc_loader;
grant update, delete on ops.delivery_unit to cchc_loader;
grant delete on ops.built_cut to cchc_loader;

-- How many rows each delivery of a cut really has in the warehouse, whatever its bookkeeping says: a check of the night.
create function ops.stored_rows(p_cut bigint) returns table (delivery_id bigint, stored bigint)
language plpgsql stable set search_path = pg_catalog as $$
declare feed text;
begin
  for feed in select distinct d.feed from ops.cut_delivery c join ops.delivery d using (delivery_id)
              where c.cut_id = p_cut and d.rows_read is not null loop  -- attachments have no rows
    return query execute format(
      'select _delivery, count(*) from accepted.%I where _delivery in (select delivery_id from ops.cut_delivery where cut_id = $1)
       group by _delivery', feed) using p_cut;
  end loop;
end
$$;
revoke all on function ops.stored_rows from public;
grant execute on function ops.stored_rows to cchc_loader, cchc_transformer;

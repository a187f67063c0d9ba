-- Provinces of one's own, audited access to kept bytes.

create table reference.user_scope (           -- who may see and do what; read by the pages and by approval
  agency_code text not null,                  -- the unit whose data, and those of all units under it
  province text not null,
  user_name text not null,                    -- as the login gives it
  role text not null check (role in ('agency', 'verifier', 'reform_office', 'leader', 'operator', 'auditor')),
  valid_from date not null,
  valid_to date,                              -- exclusive; empty = still
  primary key (agency_code, province, user_name, role, valid_from),
  check (valid_to > valid_from)
);

create table ops.destroyed_bytes (            -- tombstones: bytes whose key was destroyed on purpose (decision 11)
  sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
  province text not null,
  delivery_id bigint not null references ops.delivery,  -- the one that was named; others of the same bytes share the hash
  destroyed_at timestamptz not null,
  who text not null,
  reason text not null
);

grant select, insert, update, delete on reference.user_scope to cchc_loader;
grant select on reference.user_scope to cchc_transformer, cchc_web;
grant usage on schema reference to cchc_web;
grant select, insert on ops.destroyed_bytes to cchc_loader;
grant select on ops.destroyed_bytes to cchc_transformer;

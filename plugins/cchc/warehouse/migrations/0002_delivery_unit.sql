-- What each delivery holds of each unit, and whether a key stands in it once: the facts then look for double keys only
-- where there can be any, and the coverage counts units by what came.
create table ops.delivery_unit (
  agency_code text not null,
  delivery_id bigint not null references ops.delivery,
  rows bigint not null,                       -- accepted rows of this unit
  primary key (agency_code, delivery_id)
);
create index on ops.delivery_unit (delivery_id);
alter table ops.delivery add column keys_once boolean not null default false;

grant select, insert on ops.delivery_unit to cchc_loader;
grant select on ops.delivery_unit to cchc_transformer;

-- Deliveries lie one after the other: a block range index finds them at a tenth of a b-tree's cost for the load.
do $$
declare feed text;
begin
  for feed in select table_name from information_schema.tables where table_schema = 'accepted' loop
    execute format('drop index accepted.%I', feed || '__delivery_idx');
    execute format('create index on accepted.%I using brin (_delivery) with (pages_per_range = 32, autosummarize)', feed);
    execute format('insert into ops.delivery_unit select agency_code, _delivery, count(*) from accepted.%I group by 1, 2', feed);
  end loop;
end $$;

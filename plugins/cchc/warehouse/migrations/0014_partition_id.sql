-- A release's rows name their partition by number: its hash, 64 characters in every row and again in every key, was half of what a
-- night writes. The hash stays what a partition is known by, in release.partition alone; manifests are signed over hashes.
alter table release.partition add column partition_id bigint generated always as identity unique;

create function release.number_of(wanted text) returns bigint language sql stable set search_path = pg_catalog as
$$select partition_id from release.partition where partition_hash = wanted$$;

alter table release.manifest_partition drop constraint manifest_partition_partition_hash_fkey;
alter table release.manifest_partition alter column partition_hash type bigint using release.number_of(partition_hash);
alter table release.manifest_partition rename column partition_hash to partition_id;
alter table release.manifest_partition add foreign key (partition_id) references release.partition (partition_id);

-- Of the largest mart rows are found by their partition alone: a partition is copied whole and once, its mart's test holds figures
-- unique, and `cchc release verify` holds the rows against the hash. The key of each row was twelve times this index.
alter table release.measure drop constraint measure_pkey;

do $$
declare mart text;
begin
  foreach mart in array array['measure', 'index_criterion', 'index_unit', 'compliance', 'coverage', 'unit_coverage', 'reconciliation',
                              'form_ii06a', 'form_ii07b'] loop
    execute format('alter table release.%I alter column partition_hash type bigint using release.number_of(partition_hash)', mart);
    execute format('alter table release.%I rename column partition_hash to partition_id', mart);
  end loop;
end
$$;
create index on release.measure (partition_id);

drop function release.number_of;

-- What stands of a cut is nearly all there is, and a new cut's number is unknown to the planner's statistics: it looked each delivery up.
alter function ops.stored_rows set enable_nestloop = off;

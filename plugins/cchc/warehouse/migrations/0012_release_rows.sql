-- A release's rows name their partition without a foreign key: checked row by row it was two thirds of a freeze. One statement of
-- one transaction writes the partition and all of its rows, nothing may change them (append_only), and `cchc release verify`
-- compares their number and hash.
alter table release.measure drop constraint measure_partition_hash_fkey;
alter table release.index_criterion drop constraint index_criterion_partition_hash_fkey;
alter table release.index_unit drop constraint index_unit_partition_hash_fkey;
alter table release.compliance drop constraint compliance_partition_hash_fkey;
alter table release.coverage drop constraint coverage_partition_hash_fkey;
alter table release.unit_coverage drop constraint unit_coverage_partition_hash_fkey;
alter table release.reconciliation drop constraint reconciliation_partition_hash_fkey;
alter table release.form_ii06a drop constraint form_ii06a_partition_hash_fkey;
alter table release.form_ii07b drop constraint form_ii07b_partition_hash_fkey;

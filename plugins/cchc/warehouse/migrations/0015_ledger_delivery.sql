-- A line of the ledger names its delivery by what it is, its SHA-256: a number says in which order files were taken in by one
-- installation, and two that took in the same files froze different releases. Rows of older releases keep their number, as text,
-- and their partition its hash.
alter table release.reconciliation alter column other_delivery type text using other_delivery::text;

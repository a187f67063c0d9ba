"""Rows of a release name their partition by number."""

from cchc.warehouse.migrations import no_way_back, steps

revision = "0014"
down_revision = "0013"
upgrade = steps("0014_partition_id.sql")
downgrade = no_way_back

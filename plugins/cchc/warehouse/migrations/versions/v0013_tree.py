"""A draft tells its tree."""

from cchc.warehouse.migrations import no_way_back, steps

revision = "0013"
down_revision = "0012"
upgrade = steps("0013_tree.sql")
downgrade = no_way_back

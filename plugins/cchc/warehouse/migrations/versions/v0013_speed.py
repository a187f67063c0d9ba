"""TODO: what this step is for."""

from cchc.warehouse.migrations import no_way_back, steps

revision = "0013"
down_revision = "0012"
upgrade = steps("0013_speed.sql")
downgrade = no_way_back

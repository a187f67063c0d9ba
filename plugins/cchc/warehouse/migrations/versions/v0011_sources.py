"""TODO: what this step is for."""

from cchc.warehouse.migrations import no_way_back, steps

revision = "0011"
down_revision = "0010"
upgrade = steps("0011_sources.sql")
downgrade = no_way_back

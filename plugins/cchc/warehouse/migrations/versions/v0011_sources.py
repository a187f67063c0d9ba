"""Sources: uploads and object storage need no table of their own; the number keeps the chain whole."""

from cchc.warehouse.migrations import no_way_back, steps

revision = "0011"
down_revision = "0010"
upgrade = steps("0011_sources.sql")
downgrade = no_way_back

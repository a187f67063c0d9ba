"""The accepted tables' upkeep right after an intake."""

from cchc.warehouse.migrations import no_way_back, steps

revision = "0007"
down_revision = "0006"
upgrade = steps("0007_upkeep.sql")
downgrade = no_way_back

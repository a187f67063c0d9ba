"""Quarantine that closes, replays and goes back to its sender."""

from cchc.warehouse.migrations import no_way_back, steps

revision = "0004"
down_revision = "0003"
upgrade = steps("0004_quarantine.sql")
downgrade = no_way_back

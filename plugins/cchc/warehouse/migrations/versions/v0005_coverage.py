"""Delivery calendar, coverage by unit and period, outbox."""

from cchc.warehouse.migrations import no_way_back, steps

revision = "0005"
down_revision = "0004"
upgrade = steps("0005_coverage.sql")
downgrade = no_way_back

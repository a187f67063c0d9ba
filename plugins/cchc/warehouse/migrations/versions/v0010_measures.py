"""Measures by definition: needs nothing of the warehouse; the number keeps the chain."""

from cchc.warehouse.migrations import no_way_back, steps

revision = "0010"
down_revision = "0009"
upgrade = steps("0010_measures.sql")
downgrade = no_way_back

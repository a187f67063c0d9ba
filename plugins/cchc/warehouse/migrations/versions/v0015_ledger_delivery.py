"""A line of the ledger names its delivery by its SHA-256."""

from cchc.warehouse.migrations import no_way_back, steps

revision = "0015"
down_revision = "0014"
upgrade = steps("0015_ledger_delivery.sql")
downgrade = no_way_back

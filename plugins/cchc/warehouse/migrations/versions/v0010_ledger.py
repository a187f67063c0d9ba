"""The ledger: comparisons as reference data, explanations of agencies, the mart of the release."""

from cchc.warehouse.migrations import no_way_back, steps

revision = "0010"
down_revision = "0009"
upgrade = steps("0010_ledger.sql")
downgrade = no_way_back

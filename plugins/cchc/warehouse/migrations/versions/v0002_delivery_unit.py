"""What each delivery holds of each unit; accepted rows found by block range."""

from cchc.warehouse.migrations import no_way_back, steps

revision = "0002"
down_revision = "0001"
upgrade = steps("0002_delivery_unit.sql")
downgrade = no_way_back

"""Provinces of one's own, audited access to kept bytes."""

from cchc.warehouse.migrations import no_way_back, steps

revision = "0006"
down_revision = "0005"
upgrade = steps("0006_province.sql")
downgrade = no_way_back

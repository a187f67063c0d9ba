"""What a night's clock looks up: rows with pauses, working days by number."""

from cchc.warehouse.migrations import no_way_back, steps

revision = "0008"
down_revision = "0007"
upgrade = steps("0008_dossiers.sql")
downgrade = no_way_back

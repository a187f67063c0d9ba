"""Tables of all feeds."""

from cchc.warehouse.migrations import no_way_back, steps

revision = "0003"
down_revision = "0002"
upgrade = steps("0003_feeds.sql")
downgrade = no_way_back

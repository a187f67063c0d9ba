"""Foundation: ops, quarantine, reference, release, audit, the accepted tables and the rights of each role."""

from cchc.warehouse.migrations import no_way_back, steps

revision = "0001"
down_revision = None
upgrade = steps("0001_foundation.sql", "0001_feeds.sql", "0001_rights.sql")
downgrade = no_way_back

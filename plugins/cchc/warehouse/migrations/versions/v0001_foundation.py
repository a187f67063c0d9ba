"""Foundation: ops, quarantine, reference, release, audit, the accepted tables and the rights of each role."""

from cchc.warehouse.migrations import run_sql

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make everything."""
    run_sql("0001_foundation.sql")
    run_sql("0001_feeds.sql")
    run_sql("0001_rights.sql")


def downgrade() -> None:
    """There is no way back."""
    raise NotImplementedError("restore a backup instead: figures were issued from these tables")

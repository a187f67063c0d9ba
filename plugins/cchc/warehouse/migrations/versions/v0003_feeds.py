"""Tables of all feeds."""

from cchc.warehouse.migrations import run_sql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Run the step."""
    run_sql("0003_feeds.sql")


def downgrade() -> None:
    """There is no way back."""
    raise NotImplementedError("restore a backup instead: figures were issued from these tables")

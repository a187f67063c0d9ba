"""Quarantine that closes, replays and goes back to its sender."""

from cchc.warehouse.migrations import run_sql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Run the step."""
    run_sql("0004_quarantine.sql")


def downgrade() -> None:
    """There is no way back."""
    raise NotImplementedError("restore a backup instead: figures were issued from these tables")

"""Delivery calendar, coverage by unit and period, outbox."""

from cchc.warehouse.migrations import run_sql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Run the step."""
    run_sql("0005_coverage.sql")


def downgrade() -> None:
    """There is no way back."""
    raise NotImplementedError("restore a backup instead: figures were issued from these tables")

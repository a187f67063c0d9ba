"""What each delivery holds of each unit; accepted rows found by block range."""

from cchc.warehouse.migrations import run_sql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Count what is there and exchange the indexes."""
    run_sql("0002_delivery_unit.sql")


def downgrade() -> None:
    """There is no way back."""
    raise NotImplementedError("restore a backup instead: figures were issued from these tables")

"""Provinces of one's own, audited access to kept bytes."""

from cchc.warehouse.migrations import run_sql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Run the step."""
    run_sql("0006_province.sql")


def downgrade() -> None:
    """There is no way back."""
    raise NotImplementedError("restore a backup instead: figures were issued from these tables")

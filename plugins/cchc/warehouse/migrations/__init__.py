"""Numbered SQL steps, run by Alembic (docs/adr/0003)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import op

FOLDER = Path(__file__).parent


def run_sql(name: str) -> None:
    """Run one committed SQL file of this folder inside the migration's transaction."""
    driver: Any = op.get_bind().connection.dbapi_connection  # without parameters psycopg leaves % alone; SQLAlchemy does not
    driver.execute((FOLDER / name).read_text(encoding="utf-8"))


def steps(*names: str) -> Callable[[], None]:
    """A migration's `upgrade`: the committed SQL files of this folder, one after the other."""

    def upgrade() -> None:
        for name in names:
            run_sql(name)

    return upgrade


def no_way_back() -> None:
    """Every migration's `downgrade`. Raises always: figures were issued from these tables."""
    raise NotImplementedError("restore a backup instead: figures were issued from these tables")

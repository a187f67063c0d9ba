"""Numbered SQL steps, run by Alembic (docs/adr/0003)."""

from pathlib import Path
from typing import Any

from alembic import op

FOLDER = Path(__file__).parent


def run_sql(name: str) -> None:
    """Run one committed SQL file of this folder inside the migration's transaction."""
    driver: Any = op.get_bind().connection.dbapi_connection  # without parameters psycopg leaves % alone; SQLAlchemy does not
    driver.execute((FOLDER / name).read_text(encoding="utf-8"))

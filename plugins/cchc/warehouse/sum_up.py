"""Keeps what finds accepted rows up to date right after they came (migration 0007)."""

from collections.abc import Iterable

from cchc.warehouse.connect import connect
from cchc.warehouse.roles import LOADER


def sum_up(feeds: Iterable[str]) -> None:
    """Let the feeds' block range indexes cover their new rows."""
    for feed in feeds:
        with connect(LOADER) as connection:  # one feed a transaction: the table's lock is short
            connection.execute("select ops.sum_up(%s)", (feed,))


def know_tables() -> None:
    """Let the planner know the accepted rows, the books and the reference tables as they are now."""
    with connect(LOADER) as connection:
        connection.execute("select ops.know_tables()")

"""Small helpers over cursors."""

from typing import Any, Protocol


class _Cursor(Protocol):
    def fetchone(self) -> Any: ...


def one(cursor: _Cursor) -> tuple[Any, ...]:
    """The first row of a query that always has one, e.g. an aggregate or an insert returning."""
    row = cursor.fetchone()
    if row is None:
        raise LookupError("a query that always gives a row gave none")
    return row

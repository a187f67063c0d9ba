"""One night at a time per province, held by a session that ends with its process (decision 18)."""

from collections.abc import Iterator
from contextlib import contextmanager

from cchc.errors import UnreachableError
from cchc.warehouse.connect import connect
from cchc.warehouse.roles import LOADER


@contextmanager
def night_lock(province: str) -> Iterator[None]:
    """Hold the province's night; raises UnreachableError when another process has it."""
    with connect(LOADER, autocommit=True) as session:
        key = f"cchc night {province}"
        got = session.execute("select pg_try_advisory_lock(hashtext(%s))", (key,)).fetchone()
        if not (got and got[0]):
            raise UnreachableError(f"another night of {province} is running; wait for it or see docs/runbook.md (stuck run)")
        try:
            yield
        finally:
            session.execute("select pg_advisory_unlock(hashtext(%s))", (key,))

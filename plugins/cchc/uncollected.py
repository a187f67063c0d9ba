"""No garbage collection for a while: where much is made that stays, walking it again and again finds nothing."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Reading Great Expectations or dbt takes a quarter less time so, a build of dbt a fifth; what it was before comes back."""
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()

"""What tests share: places, a fresh installation, the real input. (No conftest: two of those share one name.)"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

from cchc.settings import Settings

PROJECT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("CCHC_SHARED", PROJECT.parent / "shared"))
HOME = PROJECT / "var" / f"test-{os.getpid()}"
TAKEN: set[str] = set()  # databases of installations that stand now


@contextmanager
def installation(server: str, folder: Path, province: Path, patch: pytest.MonkeyPatch, template: str = "cchc") -> Iterator[Settings]:
    """A fresh installation under `folder`: own database, home and inbox; its settings, in the environment too.

    `template`: the database it begins as, e.g. one that `keep_database` kept.
    """
    with free_database() as name:
        yield from _installed(server, folder, province, patch, name, template)


def keep_database(server: str, config: Settings, kept: str) -> None:
    """Keep the database of an installation under another name, so that others begin as it is now: a night takes seconds,
    a copy a tenth of one. The installation ends with it."""
    _forget_connections()
    assert config.warehouse_url
    name = config.warehouse_url.get_secret_value().rsplit("/", 1)[1]
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (name,))
        admin.execute(f'alter database "{name}" rename to "{kept}"')


def wait_until_free(lock: str) -> None:
    """Until nobody holds the advisory lock: the server sees a moment late that a killed process is gone."""
    from cchc.warehouse.connect import connect
    from cchc.warehouse.roles import LOADER

    with connect(LOADER) as session:
        session.execute("set local lock_timeout = '30s'")
        session.execute("select pg_advisory_xact_lock(hashtext(%s))", (lock,))


@contextmanager
def free_database() -> Iterator[str]:
    """A name for a database that nobody uses now. Names come back: dbt parses the project once for each."""
    name = next(f"t{number}" for number in count() if f"t{number}" not in TAKEN)
    TAKEN.add(name)
    try:
        yield name
    finally:
        _forget_connections()
        TAKEN.discard(name)


def _forget_connections() -> None:
    """A pool whose database was dropped waits ever longer before it asks again, and the name comes back at once."""
    from cchc.warehouse import connect

    connect._pool.cache_clear()


def _installed(server: str, folder: Path, province: Path, patch: pytest.MonkeyPatch, name: str, template: str) -> Iterator[Settings]:
    from cchc.settings import settings

    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'create database "{name}" template "{template}"')
        admin.execute(f'grant create on database "{name}" to cchc_owner, cchc_transformer')  # not copied with the template
    for word in [w for w in os.environ if w.startswith("CCHC_") and w not in ("CCHC_PG_OPTIONS", "CCHC_SHARED")]:
        patch.delenv(word)
    patch.setenv("CCHC_WAREHOUSE_URL", server.rsplit("/", 1)[0] + f"/{name}")
    patch.setenv("CCHC_HOME", str(folder / "home"))
    patch.setenv("CCHC_KEYS", str(HOME / "keys"))
    patch.setenv("CCHC_PROVINCE", str(province))
    settings.cache_clear()
    fresh = settings()
    fresh.inbox_path.mkdir(parents=True, exist_ok=True)
    try:
        yield fresh
    finally:
        settings.cache_clear()
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f'drop database if exists "{name}" with (force)')


def shared_file(relative: str) -> Path:
    """A file of the shared real input. In CI its absence fails the test; elsewhere the test says why it is skipped, and for how long."""
    path = SHARED / "data" / relative
    if not path.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{path.name} is not there, and CI must read the real input")
        why = f"{path.name} is not on this machine and is never committed: set CCHC_SHARED to the folder that holds data/{relative}"
        pytest.skip(f"{why} (owner: the project's maintainers; the skip ends with the file, and is looked at again by 2027-11-30)")
    return path


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

"""One embedded server for the whole run, a template database, and a province in a folder for whoever asks."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

PROJECT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("CCHC_SHARED", PROJECT.parent / "shared"))
HOME = PROJECT / "var" / f"test-{os.getpid()}"
FAST_SERVER = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "256MB"}


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A migrated warehouse on a free port, thrown away at the end; the URL of its server."""
    from cchc.settings import Settings
    from cchc.warehouse.embedded import EmbeddedServer
    from cchc.warehouse.migrate import migrate

    os.environ["CCHC_PG_OPTIONS"] = json.dumps(FAST_SERVER)
    config = Settings(home=HOME, keys=HOME / "keys")
    try:
        migrate(config)
        yield EmbeddedServer(config).url("postgres")
    finally:
        embedded = EmbeddedServer(config)
        embedded.stop()
        shutil.rmtree(HOME, ignore_errors=True)
        if not embedded.folder.is_relative_to(HOME):
            shutil.rmtree(embedded.folder.parent, ignore_errors=True)


@contextmanager
def installation(server: str, folder: Path, province: Path, patch: pytest.MonkeyPatch) -> Iterator["Settings"]:  # noqa: F821
    """A fresh installation under `folder`: own database, home and inbox; its settings, in the environment too."""
    from cchc.settings import settings

    name = f"t{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'create database "{name}" template cchc')
        admin.execute(f'grant create on database "{name}" to cchc_owner, cchc_transformer')  # not copied with the template
    for word in [w for w in os.environ if w.startswith("CCHC_") and w not in ("CCHC_PG_OPTIONS", "CCHC_SHARED")]:
        patch.delenv(word)
    patch.setenv("CCHC_WAREHOUSE_URL", server.rsplit("/", 1)[0] + f"/{name}")
    patch.setenv("CCHC_HOME", str(folder / "home"))
    patch.setenv("CCHC_KEYS", str(HOME / "keys"))
    patch.setenv("CCHC_PROVINCE", str(province))
    settings.cache_clear()
    fresh = settings()
    fresh.inbox_path.mkdir(parents=True)
    try:
        yield fresh
    finally:
        settings.cache_clear()
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f'drop database if exists "{name}" with (force)')


@pytest.fixture
def config(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["Settings"]:  # noqa: F821
    """Settings of a fresh installation with an empty province folder."""
    province = tmp_path / "thu-nghiem"
    (province / "sources").mkdir(parents=True)
    with installation(server, tmp_path, province, monkeypatch) as fresh:
        yield fresh


def shared_file(relative: str) -> Path:
    """A file of the shared real input. In CI its absence fails the test; elsewhere the test says why it is skipped."""
    path = SHARED / "data" / relative
    if not path.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{path.name} is not there, and CI must read the real input")
        pytest.skip(f"{path.name} is not on this machine: set CCHC_SHARED to the folder that holds data/{relative}")
    return path

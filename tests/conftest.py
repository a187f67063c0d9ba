"""One embedded server for the whole run, a template database, and a province in a folder for whoever asks."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from house import HOME, installation

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


@pytest.fixture
def config(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["Settings"]:  # noqa: F821
    """Settings of a fresh installation with an empty province folder."""
    province = tmp_path / "thu-nghiem"
    (province / "sources").mkdir(parents=True)
    with installation(server, tmp_path, province, monkeypatch) as fresh:
        yield fresh

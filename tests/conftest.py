"""One embedded server for the whole run, a template database, and a province in a folder for whoever asks."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from house import HOME, installation, keep_database

LAST = ("connectors", "unit")  # seconds a file: workers that share the tests end together

FAST_SERVER = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "256MB"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long come first, in e2e/ most of all; within a file nothing moves."""
    items.sort(key=lambda item: LAST.index(item.path.parent.name) if item.path.parent.name in LAST else -1)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """How the workers of `make test` share: a file stays with one, for its fixtures' sake, and so does dags/ for Airflow's tables."""
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return "dags" if file.startswith("tests/dags/") else file

    return ByFile(config, log)


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


@pytest.fixture(scope="session")
def past(server: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Folder and database of a small province with its first night, made once for all who begin there."""
    from small_night import DAY, make_delivered, night

    folder = tmp_path_factory.mktemp("past")
    (folder / "thu-nghiem/sources").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch, installation(server, folder, folder / "thu-nghiem", patch) as config:
        make_delivered(config)
        night(config, DAY)
        keep_database(server, config, "past")
    return folder, "past"


@pytest.fixture
def released(server: str, past: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["Settings"]:  # noqa: F821
    """As `config`, the morning after the first night of tests/small_night.py: its files, database, keys and release."""
    folder, database = past
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    with installation(server, tmp_path, tmp_path / "thu-nghiem", monkeypatch, database) as fresh:
        yield fresh

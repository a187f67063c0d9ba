"""A backup restored into an empty home gives everything back; what was changed, or would be overwritten, is refused."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from cchc.errors import ConfigError, DataError
from cchc.intake.store import ByteStore
from cchc.release.read import releases
from cchc.release.verify import verify_release
from cchc.settings import Settings, settings
from cchc.warehouse.backup import backup, restore
from cchc.warehouse.connect import admin_url
from house import HOME, installation
from own_home import own_home
from small_night import ROWS, make_province, night, send_dossiers, send_staff

TABLES = (
    "release.measure", "release.index_criterion", "release.index_unit", "release.compliance", "release.coverage", "release.manifest",
    "release.unit_coverage", "release.reconciliation", "release.form_ii06a", "release.form_ii07b", "ops.reconciliation_explanation",
    "ops.unit_coverage", "reference.delivery_calendar", "ops.delivery", "ops.cut_delivery",
    "accepted.dossier_log", "accepted.staff", "quarantine.row", "reference.unit", "audit.event",
)  # fmt: skip


def content(config: Settings) -> dict[str, str]:
    """A hash of every table's rows."""
    with psycopg.connect(admin_url(config)) as connection:
        return {
            table: str(connection.execute(f"select md5(string_agg(t::text, '|' order by t::text)) from {table} t").fetchone())
            for table in TABLES
        }


def kept(config: Settings) -> dict[str, int]:
    """Digest → size of every kept delivery, opened with its key."""
    store = ByteStore(config)
    return {path.stem: sum(map(len, store.read(path.stem))) for path in config.bytes_path.glob("??/*.enc")}


@pytest.fixture(scope="module")
def province(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Two releases of a small province, with a bad row; its keys are its own."""
    folder = tmp_path_factory.mktemp("backup")
    shutil.copytree(HOME / "keys", folder / "keys")
    (folder / "thu-nghiem/sources").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch, installation(server, folder, folder / "thu-nghiem", patch) as config:
        config = config.model_copy(update={"keys": folder / "keys"})
        patch.setenv("CCHC_KEYS", str(folder / "keys"))
        settings.cache_clear()
        make_province(config)
        more = ("A-4", "2013-03-21T08:00", "2013-04-11T17:00", "", "2013-03-21T08:00")
        send_dossiers(config, "2013-03-31", [*ROWS, more, ("A-5", "2013-02-31T08:00", "", "", "")])
        send_staff(config, "2013-03-31", 5)
        night(config, "2013-03-31")
        send_staff(config, "2013-04-01", 6)
        night(config, "2013-04-01")
        yield config


@pytest.fixture(scope="module")
def saved(province: Settings) -> Path:
    return backup(province)


def keys_of(saved: Path) -> Path:
    return saved.parents[1] / "backup-keys" / saved.name


def test_an_empty_home_gets_everything_back(province: Settings, saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = releases("thu-nghiem")
    assert len(there) == 2
    with own_home(HOME / "restored") as empty:
        restore(empty, saved, keys_of(saved))
        assert content(empty) == content(province)
        assert kept(empty) == kept(province) != {}
        for word in [w for w in os.environ if w.startswith("CCHC_") and w != "CCHC_PG_OPTIONS"]:
            monkeypatch.delenv(word)
        monkeypatch.setenv("CCHC_HOME", str(empty.home))
        monkeypatch.setenv("CCHC_PROVINCE", str(saved / "province/thu-nghiem"))
        settings.cache_clear()
        assert releases("thu-nghiem") == there
        assert [problem for row in there for problem in verify_release(settings(), row[0])] == []
        assert night(settings().model_copy(update={"inbox": province.inbox_path}), "2013-04-01").release_id == there[-1][0]
    settings.cache_clear()


def test_keys_lie_apart_and_are_nobody_else_s(saved: Path) -> None:
    names = {path.name for path in saved.parent.rglob("*")}
    assert not names & {"release.key", "person.key", "roles.json"} and not any(name.endswith(".key") for name in names)
    assert (keys_of(saved) / "release.key").is_file()
    assert keys_of(saved).stat().st_mode & 0o077 == 0


def test_a_second_backup_copies_no_bytes_again(province: Settings, saved: Path) -> None:
    again = backup(province, verify=False)
    assert json.loads((saved / "manifest.json").read_text())["bytes"] > 0
    assert json.loads((again / "manifest.json").read_text())["bytes"] == 0


def test_a_changed_dump_is_refused(saved: Path, tmp_path: Path) -> None:
    changed = tmp_path / "backup" / saved.name
    shutil.copytree(saved, changed)
    with open(changed / "warehouse.dump", "r+b") as dump:
        dump.seek(5000)
        dump.write(b"!")
    home = Settings(home=tmp_path / "home", keys=tmp_path / "home/keys")
    with pytest.raises(DataError, match="was changed since it was written"):
        restore(home, changed, keys_of(saved))
    assert not home.home.exists(), "nothing was begun"


def test_half_a_backup_is_refused(saved: Path, tmp_path: Path) -> None:
    half = tmp_path / "backup" / saved.name
    shutil.copytree(saved, half)
    (half / "manifest.json").unlink()
    with pytest.raises(ConfigError, match="no whole backup"):
        restore(Settings(home=tmp_path / "home"), half, keys_of(saved))
    with pytest.raises(ConfigError, match="holds no keys"):
        restore(Settings(home=tmp_path / "home", keys=tmp_path / "home/keys"), saved, saved)


def test_a_home_that_holds_something_is_refused(province: Settings, saved: Path) -> None:
    before = content(province)
    with pytest.raises(ConfigError, match="is not empty"):
        restore(province, saved, keys_of(saved))
    assert content(province) == before


def test_a_backup_that_does_not_restore_to_the_same_rows_does_not_count(province: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from cchc.warehouse import backup as room

    counts = iter([{"release.measure": 2}, {"release.measure": 1}])
    monkeypatch.setattr(room, "_counts", lambda url: next(counts))
    with pytest.raises(DataError, match="does not restore to the same rows"):
        backup(province, province.home / "bad")
    assert not list((province.home / "bad").glob("*/manifest.json"))

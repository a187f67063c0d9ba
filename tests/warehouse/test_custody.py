"""Kept bytes: every opening is audited; a destroyed key leaves hash, tombstone, releases and drafts as they were."""

import stat
from pathlib import Path

import psycopg
import pytest

from cchc.cli.app import app
from cchc.clock import parse_as_of
from cchc.errors import ConfigError, DataError
from cchc.intake.custody import destroy_bytes, open_bytes
from cchc.intake.store import ByteStore
from cchc.release.read import releases
from cchc.release.verify import verify_release
from cchc.settings import Settings
from cchc.warehouse.connect import admin_url, connect
from cchc.warehouse.upkeep import orphans
from small_night import DAY, ingest, make_delivered, night


@pytest.fixture
def province(config: Settings) -> Settings:
    make_delivered(config)
    return config


def rows(query: str) -> list[tuple]:
    with psycopg.connect(admin_url()) as admin:
        return admin.execute(query).fetchall()


def events() -> list[tuple]:
    return rows("select what, subject, hash_before, reason, who <> '' from audit.event where what like 'bytes %' order by event_id")


def everything_of_releases() -> dict[str, list[tuple]]:
    tables = [row[0] for row in rows("select table_name from information_schema.tables where table_schema = 'release'")]
    return {table: rows(f"select md5(t::text) from release.{table} t order by 1") for table in tables}


def test_opening_is_audited_before_the_first_byte(province: Settings, tmp_path: Path) -> None:
    ingest(province, DAY)
    [(number, digest, name)] = rows("select delivery_id, sha256, name from ops.delivery where source_id like '%so-mot/staff'")
    out = tmp_path / "plain.csv"
    size = open_bytes(province, number, out, "đối chiếu với đơn vị gửi")
    assert out.read_bytes() == (province.inbox_path / name).read_bytes()
    assert (size, stat.S_IMODE(out.stat().st_mode)) == (out.stat().st_size, 0o600)
    assert events() == [("bytes opened", f"delivery {number}", digest, "đối chiếu với đơn vị gửi", True)]
    with pytest.raises(ConfigError, match="name a new file"):
        open_bytes(province, number, out, "lần nữa")
    with pytest.raises(ConfigError, match="--reason"):
        open_bytes(province, number, tmp_path / "other", "  ")
    ByteStore(province).key_path(digest).unlink()
    with pytest.raises(DataError, match="key destroyed"):
        open_bytes(province, number, tmp_path / "none", "thử mở")
    assert not (tmp_path / "none").exists()
    assert [event[3] for event in events()] == ["đối chiếu với đơn vị gửi", "thử mở"], "the attempt stands too"


def test_a_destroyed_key_leaves_releases_and_drafts_byte_for_byte(released: Settings) -> None:
    province, [[release, *_]] = released, releases(released.province.name)
    with connect("cchc_transformer") as warehouse:
        warehouse.execute(
            """insert into release.draft (release_id, period_code, scope_code, format, sha256, printed_at)
               values (%s, '2013-Q1', 'X01', 'json', repeat('a', 64), %s)""",
            (release, parse_as_of(DAY)),
        )
    before, accepted = everything_of_releases(), rows("select * from accepted.staff order by agency_code, staff_id")
    for number, digest in rows("select delivery_id, sha256 from ops.delivery"):
        destroy_bytes(province, number, "hết thời hạn lưu")
        store = ByteStore(province)
        assert not store.path(digest).exists() and not store.key_path(digest).exists()
    assert everything_of_releases() == before
    assert verify_release(province, release) == []
    assert rows("select * from accepted.staff order by agency_code, staff_id") == accepted
    assert rows("select count(*), min(reason), bool_and(who <> '') from ops.destroyed_bytes") == [(4, "hết thời hạn lưu", True)]
    assert {event[0] for event in events()} == {"bytes destroyed"} and len(events()) == 4
    assert [line for line in orphans(province) if not line.startswith("bytes without a delivery")] == []  # reference files are such
    assert night(province, DAY).release_id == release, "the same night again is the same release"


def test_a_kill_between_tombstone_and_file_is_finished_by_the_same_call(province: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    ingest(province, DAY)
    [(number, digest)] = rows("select delivery_id, sha256 from ops.delivery where source_id like '%so-mot/staff'")
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(ByteStore, "destroy", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        destroy_bytes(province, number, "theo yêu cầu")
    assert ByteStore(province).key_path(digest).exists()
    destroy_bytes(province, number, "theo yêu cầu")
    assert not ByteStore(province).key_path(digest).exists()
    assert len(events()) == 1


def test_destroyed_bytes_are_not_kept_again(province: Settings) -> None:
    ingest(province, DAY)
    [(number, digest, name)] = rows("select delivery_id, sha256, name from ops.delivery where source_id like '%so-mot/staff'")
    destroy_bytes(province, number, "theo yêu cầu")
    content = (province.inbox_path / name).read_bytes()
    for sender in ("so-mot", "so-hai"):
        again = province.inbox_path / sender / "2013-04-02" / "staff.csv"
        again.parent.mkdir()
        again.write_bytes(content)
    failures = {name: why for result in ingest(province, "2013-04-02") for name, why in result.failures.items()}
    assert list(failures) == ["thu-nghiem/so-hai/staff"], failures
    assert "destroyed on purpose" in failures["thu-nghiem/so-hai/staff"]
    assert not ByteStore(province).path(digest).exists() and not ByteStore(province).key_path(digest).exists()
    assert rows("select count(*) from ops.delivery where sha256 = '" + digest + "'") == [(1,)]


def test_the_commands_ask_for_a_reason_and_have_dry_runs(province: Settings, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    ingest(province, DAY)
    run = CliRunner().invoke
    assert run(app, ["delivery", "destroy", "1"]).exit_code == 2
    assert run(app, ["delivery", "destroy", "1", "--reason", "thử", "--dry-run"]).exit_code == 0
    assert run(app, ["delivery", "open", "1", "--out", str(tmp_path / "x"), "--reason", "thử", "--dry-run"]).exit_code == 0
    assert not (tmp_path / "x").exists()
    assert events() == []
    assert run(app, ["delivery", "destroy", "1", "--reason", "thử"]).exit_code == 0
    assert len(events()) == 1

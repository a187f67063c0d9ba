"""Housekeeping: what goes, what stays, what is told."""

import os
from datetime import timedelta

import psycopg
import pytest

from cchc.clock import parse_as_of
from cchc.errors import DataError
from cchc.intake.reference import load_reference
from cchc.settings import Settings
from cchc.warehouse import upkeep
from cchc.warehouse.connect import connect
from province import write_reference

NOW = parse_as_of("2013-06-30")


def a_backup(config: Settings, stamp: str, whole: bool = True) -> None:
    for root in ("backup", "backup-keys"):
        (config.home / root / stamp).mkdir(parents=True)
    if whole:
        (config.home / "backup" / stamp / "manifest.json").write_text("{}")


def kept(config: Settings, root: str = "backup") -> list[str]:
    return sorted(path.name for path in (config.home / root).iterdir())


def test_old_backups_go_with_their_keys_and_the_newest_three_stay(config: Settings) -> None:
    for stamp in ("20130501T053000", "20130601T053000", "20130620T053000", "20130629T053000", "20130630T053000"):
        a_backup(config, stamp)
    (config.home / "backup/bytes").mkdir()
    assert upkeep.retention(config, NOW) == ["20130501T053000", "20130601T053000"]
    assert kept(config) == ["20130620T053000", "20130629T053000", "20130630T053000", "bytes"]
    assert kept(config, "backup-keys") == ["20130620T053000", "20130629T053000", "20130630T053000"]
    assert upkeep.retention(config, NOW + timedelta(days=400)) == []


def test_a_backup_that_was_never_whole_counts_for_nothing(config: Settings) -> None:
    for stamp, whole in (("20130101T053000", True), ("20130102T053000", False), ("20130103T053000", False)):
        a_backup(config, stamp, whole)
    assert upkeep.retention(config, NOW) == ["20130102T053000", "20130103T053000"]


def test_days_by_class_are_reference_data(config: Settings) -> None:
    write_reference(config.province, **{"retention.backup_days": "100"})
    load_reference(config)
    assert upkeep.keep_days(config) == {"backup": 100, "log": 30}
    write_reference(config.province, **{"retention.backup_days": "two weeks"})
    load_reference(config)
    with pytest.raises(DataError, match=r"retention\.backup_days is 'two weeks'"):
        upkeep.keep_days(config)


def test_logs_of_old_runs_go(config: Settings) -> None:
    for name, days in (("run_id=old", 31), ("run_id=new", 29)):
        log = config.home / "airflow/logs/dag_id=nightly" / name / "attempt=1.log"
        log.parent.mkdir(parents=True)
        log.touch()
        seconds = (NOW - timedelta(days=days)).timestamp()
        os.utime(log, (seconds, seconds))
    assert upkeep.retention(config, NOW) == ["dag_id=nightly/run_id=old"]
    assert [path.name for path in (config.home / "airflow/logs/dag_id=nightly").iterdir()] == ["run_id=new"]


def test_vacuum_leaves_no_dead_rows_behind(config: Settings) -> None:
    write_reference(config.province)
    load_reference(config)
    with connect("cchc_loader", autocommit=True) as warehouse:
        warehouse.execute("update reference.calendar_day set source = source")
        warehouse.execute("select pg_stat_force_next_flush()")
    assert upkeep.vacuum() > 0
    with connect("cchc_loader") as warehouse:
        assert warehouse.execute("select n_dead_tup from pg_stat_user_tables where relname = 'calendar_day'").fetchone() == (0,)


def test_the_calendars_end_is_told_in_time_and_red_when_near(config: Settings) -> None:
    write_reference(config.province, years=range(2011, 2014))
    load_reference(config)
    assert upkeep.calendar_horizon(config, parse_as_of("2013-08-01")) == []
    assert [line.split(" ends")[0] for line in upkeep.calendar_horizon(config, parse_as_of("2013-11-01"))] == [
        "reference/calendar_day.csv", "reference/period.csv",
    ]  # fmt: skip
    with pytest.raises(DataError, match=r"calendar_day\.csv ends on 2013-12-31, 10 days from 2013-12-21: add the next year"):
        upkeep.calendar_horizon(config, parse_as_of("2013-12-21"))


def test_a_province_without_a_calendar_is_red(config: Settings) -> None:
    with pytest.raises(DataError, match=r"calendar_day\.csv ends on None"):
        upkeep.calendar_horizon(config, NOW)


def test_orphans_of_every_kind_are_named(config: Settings) -> None:
    own = config.model_copy(update={"keys": config.home.parent / "keys-of-test"})
    (own.province / "sources/so-mot.yaml").touch()
    delivered, lost, stray = ("a" * 64, "b" * 64, "c" * 64)
    for root, ending, names in ((own.bytes_path, "enc", (delivered, stray)), (own.keys_path / "deliveries", "key", (delivered, lost))):
        for name in names:
            (root / name[:2]).mkdir(parents=True)
            (root / name[:2] / f"{name}.{ending}").touch()
    with psycopg.connect(config.warehouse_url.get_secret_value()) as admin:
        admin.execute("create schema son_la_aside_1a2b3c4d_facts")
        for sender in ("so-mot", "so-da-di"):
            admin.execute(
                "insert into ops.source values (%s, %s, 'X01.01', 'staff', true, true, 'month')",
                (f"{own.province.name}/{sender}/staff", own.province.name),
            )
        for digest in (delivered, lost):
            admin.execute(
                """insert into ops.delivery (source_id, province, feed, contract_version, sha256, name, size_bytes, arrived_at,
                     received_at, status) values (%s, %s, 'staff', 1, %s, 'x', 1, %s, %s, 'received')""",
                (f"{own.province.name}/so-mot/staff", own.province.name, digest, NOW, NOW),
            )
    assert upkeep.orphans(own) == [
        f"bytes without a delivery: {stray}",
        f"delivery whose key is there and bytes are not: {lost}",
        f"bytes without a key: {stray}",
        f"source without a YAML file: {own.province.name}/so-da-di/staff",
        "schema of an explanation that runs or was killed: son_la_aside_1a2b3c4d_facts",
    ]

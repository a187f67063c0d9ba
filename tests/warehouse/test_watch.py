"""The outside watcher: names within five minutes of a deadline what is missing, failed or was killed; once."""

import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta

import psycopg
import pytest

from calendar_province import MONTHLY, make_calendar
from cchc.clock import now, parse_as_of
from cchc.intake.reference import load_reference
from cchc.intake.register import broken_off
from cchc.mail.outbox import outbox
from cchc.mail.watch import TICK, TOO_OLD, beat, is_alive, look
from cchc.night.cut import take_cut
from cchc.settings import Settings
from cchc.warehouse.connect import admin_url, connect
from cchc.warehouse.roles import LOADER
from house import PROJECT, wait_until_free
from small_night import ingest, send_dossiers

SCHEDULED = parse_as_of("2013-03-04T20:00")  # the default schedule; intakes may take an hour
BEGUN = "insert into ops.ingest values ('thu-nghiem', %s, %s, %s, %s, %s, %s)"
HANGS = """
import sys, time
from pathlib import Path
from cchc.clock import now
from cchc.intake import run
from cchc.settings import settings
run._ingest_source = lambda *_: (print("began", flush=True), time.sleep(600))
run.ingest_sender(settings(), Path(sys.argv[1]), now())
"""


@pytest.fixture
def quiet(config: Settings) -> Settings:
    """A province with a delivery calendar whose intakes of 3/3 ended well."""
    make_calendar(config, rows=[MONTHLY])
    for sender in ("so-mot", "so-hai"):
        begun(config, sender, parse_as_of("2013-03-03T20:00"), "done")
    take_cut(config, parse_as_of("2013-02-20"))
    with psycopg.connect(admin_url(config)) as admin:
        admin.execute("update ops.night set started_at = as_of")
    return config


def begun(config: Settings, sender: str, at: datetime, state: str, message: str | None = None) -> None:
    with psycopg.connect(admin_url(config)) as admin:
        admin.execute(BEGUN, (sender, at, at, at if state != "running" else None, state, message))


def named(config: Settings, at: datetime) -> dict[str, str]:
    return {one.what: one.message_vi for one in look(config, at)}


def test_it_looks_often_enough() -> None:
    assert timedelta(seconds=TICK) < TOO_OLD <= timedelta(minutes=5)


def test_an_intake_that_never_began_is_named_at_its_deadline_once(quiet: Settings) -> None:
    assert named(quiet, SCHEDULED + timedelta(minutes=59)) == {}
    begun(quiet, "so-mot", SCHEDULED, "done")
    found = named(quiet, SCHEDULED + timedelta(minutes=60))
    assert found == {"ingest:so-hai": "Tiếp nhận của so-hai đến hạn lúc 20:00 ngày 04/03/2013 chưa bắt đầu"}
    assert named(quiet, SCHEDULED + timedelta(minutes=61)) == {}
    [mail] = outbox(quiet.province.name)
    assert mail[3] == "truc@example.invalid"
    assert "1 việc, lúc 21:00 ngày 04/03/2013" in mail[4]


def test_a_failed_one_is_named_with_its_reason(quiet: Settings) -> None:
    begun(quiet, "so-mot", SCHEDULED, "done")
    begun(quiet, "so-hai", SCHEDULED, "failed", "tệp hỏng")
    assert named(quiet, SCHEDULED + timedelta(minutes=60))["ingest:so-hai"].endswith("không thành công: tệp hỏng")


def test_a_missing_delivery_is_named_when_its_day_ends_also_over_a_holiday(quiet: Settings) -> None:
    end = parse_as_of("2013-03-05T23:59:59.999999")
    send_dossiers(quiet, "2013-03-05", [("A-1", "2013-02-01T08:00", "", "", "2013-02-01T08:00")])  # lies there, its intake comes later
    assert not {what for what in named(quiet, end - timedelta(seconds=1)) if what.startswith("missing")}
    found = named(quiet, end + timedelta(minutes=1))
    assert {what for what in found if what.startswith("missing")} == {"missing:X01.02:dossier_log:2013-02"}
    assert found["missing:X01.02:dossier_log:2013-02"].startswith("Sở Hai: Nhật ký hồ sơ thủ tục hành chính, tháng 02 năm 2013 chưa gửi")


def test_over_a_holiday_the_deadline_moves(quiet: Settings) -> None:
    path = quiet.province / "reference/calendar_day.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2013-03-05,true", "2013-03-05,false"), encoding="utf-8")
    load_reference(quiet)
    assert not {what for what in named(quiet, parse_as_of("2013-03-06T00:01")) if what.startswith("missing")}
    assert {what for what in named(quiet, parse_as_of("2013-03-07T00:01")) if what.startswith("missing")} == {
        "missing:X01.01:dossier_log:2013-02", "missing:X01.02:dossier_log:2013-02",
    }  # fmt: skip


def test_a_killed_intake_is_named_at_once(quiet: Settings) -> None:
    sender = quiet.province / "sources/so-mot.yaml"
    begun(quiet, "so-hai", now(), "done")
    process = subprocess.Popen([sys.executable, "-c", HANGS, str(sender)], env=os.environ, stdout=subprocess.PIPE, cwd=PROJECT)
    try:
        assert process.stdout and process.stdout.readline() == b"began\n"
        with connect(LOADER) as connection:
            assert broken_off(connection, quiet.province.name) == {}, "it lives"
        assert "bị ngắt" not in str(named(quiet, now()))
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    wait_until_free(f"cchc ingest {quiet.province.name} so-mot")
    assert "bị ngắt giữa chừng" in named(quiet, now())["ingest:so-mot"]
    assert named(quiet, now()) == {}
    assert ingest(quiet, "2013-03-05")[0].failures == {}, "the sender is taken in again"


def test_a_red_night_is_named(quiet: Settings) -> None:
    with psycopg.connect(admin_url(quiet)) as admin:
        admin.execute(
            "update ops.night set state = 'red', reason = 'lệch', as_of = '2013-03-04', started_at = '2013-03-04', ended_at = '2013-03-04'"
        )
    assert named(quiet, parse_as_of("2013-03-04T02:00"))["night"].endswith("không có bản chốt: lệch")


def test_nothing_before_go_live(config: Settings) -> None:
    make_calendar(config, rows=[MONTHLY], go_live="2013-03-05")
    assert named(config, SCHEDULED + timedelta(minutes=60)) == {}
    assert named(config, parse_as_of("2013-03-05T08:00")) == {}, "its deadline was before"
    assert set(named(config, parse_as_of("2013-03-05T21:00"))) == {"ingest:so-mot", "ingest:so-hai"}


def test_the_program_looks_beats_and_is_asked(quiet: Settings) -> None:
    from cchc.cli.app import app

    tool = [sys.executable, "-c", "from cchc.cli.app import main; main()", "watch"]
    assert app is not None
    assert subprocess.run([*tool, "--check"], check=False, cwd=PROJECT, capture_output=True).returncode == 1
    done = subprocess.run([*tool, "--once"], check=True, cwd=PROJECT, capture_output=True, text=True)
    assert "ingest:so-mot" in done.stdout
    assert subprocess.run([*tool, "--check"], check=False, cwd=PROJECT).returncode == 0
    assert is_alive(quiet)
    (quiet.home / "watch.beat").write_text((now() - TOO_OLD).isoformat(), encoding="utf-8")
    assert not is_alive(quiet)
    beat(quiet)
    assert is_alive(quiet)

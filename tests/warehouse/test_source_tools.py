"""`cchc source list|preview|upload`: what an engineer sees of sources, and a file handed in on its way to accepted rows."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cchc.cli.app import app
from cchc.clock import ZONE, now
from cchc.errors import ConfigError, DataError
from cchc.intake.reference import load_reference
from cchc.intake.run import ingest_sender
from cchc.intake.standing import freshness
from cchc.readers.legacy import TCVN3
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.roles import OWNER
from province import write_reference

MANY = """\
sender: X01.01
synthetic: true
sources:
  staff:
    feed: staff
    every: quarter
    connect: {kind: upload, megabytes: 1}
    read: {kind: csv, delimiter: ";", encoding: tcvn3}
    dates: "%d/%m/%Y"
    columns: {in_post_from: Ngày vào}
    constants: {agency_code: X01.01}
    values: {kind: {"Công chức": civil_servant}}
  organisation:
    feed: organisation
    every: half
    connect: {kind: file_drop, glob: "so-mot/*.csv"}
    read: {kind: csv}
"""
STAFF = """\
Số hiệu cán bộ;Họ và tên;Loại;Vị trí việc làm;Ngày vào
CB-001;Nguyễn Văn Mật;Công chức;Chuyên viên;01/02/2012
CB-002;Trần Thị Kín;Thợ;Chuyên viên;31/02/2012
CB-003;Lê Văn Giấu;Công chức;;15/08/2012
"""


@pytest.fixture
def province(config: Settings) -> Settings:
    write_reference(config.province)
    load_reference(config)
    (config.province / "sources/so-mot.yaml").write_text(MANY, encoding="utf-8")
    (config.province / "sources/so-hai.yaml").write_text("sender: X01.02\nsources: nothing\n", encoding="utf-8")
    return config


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "cán bộ.csv").write_bytes(tcvn3(STAFF))
    return tmp_path / "cán bộ.csv"


def tcvn3(text: str) -> bytes:
    return "".join({letter: code for code, letter in TCVN3.items()}.get(sign, sign) for sign in text).encode("latin-1")


def run(*words: str, code: int = 0) -> tuple[str, str]:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == code, done.output
    return done.stdout, done.stderr


def listed(**words: str) -> dict[str, dict]:
    told = json.loads(run("source", "list", "--json", *(word for pair in words.items() for word in pair))[0])
    return {row["source"].removeprefix("thu-nghiem/"): row for row in told}


def test_a_file_handed_in_is_previewed_taken_in_and_listed(province: Settings, file: Path) -> None:
    before = listed()
    assert {name: row["state"] for name, row in before.items()} == {"so-hai": "broken", "so-mot/organisation": "new", "so-mot/staff": "new"}
    assert "so-hai.yaml" in before["so-hai"]["why"]
    run("source", "upload", "--source", "so-mot/staff", str(file), "--dry-run")
    assert not (province.home / "uploads").exists()
    name = run("source", "upload", "--source", "so-mot/staff", str(file))[0].strip()
    assert name.endswith("_cán bộ.csv")
    with connect(OWNER) as connection:
        assert connection.execute("select what, subject from audit.event where what like 'file%'").fetchall() == [
            ("file handed in", f"thu-nghiem/so-mot/staff: {name}")
        ]

    out, talk = run("source", "preview", "so-mot/staff", "--json")
    assert name in talk, "without --file the newest that was handed in"
    assert "not taken in, personal: full_name" in talk
    assert [line.partition(": ")[0] + line.partition("line")[2][:3] for line in talk.splitlines() if line.startswith("to")] == [
        "to quarantine 3,", "to quarantine 3,",
    ]  # fmt: skip
    assert not any(secret in out + talk for secret in ("Mật", "Kín", "Giấu", "CB-00"))
    first, second = json.loads(out)
    assert (first["_line"], first["agency_code"], first["kind"], first["in_post_from"]) == (2, "X01.01", "civil_servant", "2012-02-01")
    assert first["staff_id"].startswith("hash:") and first["staff_id"] != second["staff_id"]
    assert second["position"] is None and "full_name" not in first
    table = run("source", "preview", "so-mot/staff", "--rows", "1")[0].splitlines()
    assert len(table) == 2 and "in_post_to" not in table[0], "a table shows the columns that are filled"
    assert list((province.home / "uploads").rglob("*cán bộ.csv")), "looking takes nothing"

    result = ingest_sender(province, province.province / "sources/so-mot.yaml", now() + timedelta(seconds=1))
    assert (list(result.deliveries.values()), result.failures) == (["accepted"], {})
    assert not list((province.home / "uploads").rglob("*.csv")), "what was taken in lies sealed"
    row = listed()["so-mot/staff"]
    assert (row["state"], row["open_quarantine"], row["freshness"]) == ("accepted", 1, "today, every quarter")
    later = (now() + timedelta(days=100)).date().isoformat()
    assert listed(**{"--as-of": later})["so-mot/staff"]["freshness"].endswith(": overdue by 8 days")
    assert listed()["so-mot/organisation"]["state"] == "absent"
    run("source", "preview", "so-mot/staff", code=1)


def test_a_source_that_fails_says_why_and_one_that_no_file_names_is_an_orphan(province: Settings) -> None:
    folder = province.inbox_path / "so-mot"
    folder.mkdir()
    (folder / "a.csv").symlink_to("/etc/passwd")
    ingest_sender(province, province.province / "sources/so-mot.yaml", now())
    row = listed()["so-mot/organisation"]
    assert row["state"] == "failed" and "is a link" in row["why"]
    assert listed()["so-mot/staff"]["state"] == "absent"
    (province.province / "sources/so-mot.yaml").write_text(MANY.replace("  organisation:", "  other:"), encoding="utf-8")
    assert {name: one["state"] for name, one in listed().items() if "so-mot" in name} == {
        "so-mot/organisation": "orphan", "so-mot/other": "new", "so-mot/staff": "absent",
    }  # fmt: skip


def test_wrong_ways_are_told_with_the_right_one(province: Settings, file: Path, tmp_path: Path) -> None:
    for words, error, hint in (
        (("upload", "--source", "so-mot/organisation", str(file)), ConfigError, "not by upload"),
        (("upload", "--source", "so-mot/nothing", str(file)), ConfigError, "staff, organisation"),
        (("upload", "--source", "../x/staff", str(file)), ConfigError, "so-mot"),
        (("preview",), ConfigError, "--file"),
        (("preview", "so-mot/staff"), DataError, "offers nothing"),
    ):
        done = CliRunner().invoke(app, ["source", *words])
        assert isinstance(done.exception, error), words
        assert hint in str(done.exception)
    (tmp_path / "big.csv").write_bytes(b"x" * (1 << 20) + b"x")
    done = CliRunner().invoke(app, ["source", "upload", "--source", "so-mot/staff", str(tmp_path / "big.csv")])
    assert isinstance(done.exception, DataError) and "larger than 1 MB" in str(done.exception)


@pytest.mark.parametrize(
    ("arrived", "every", "words"),
    [
        (None, "day", "nothing yet"),
        ("2013-12-31T01:00", "day", "today, every day"),
        ("2013-12-30T23:00", "day", "1 day old, every day"),
        ("2013-12-29T23:00", "day", "2 days old, every day: overdue by 1 days"),
        ("2013-12-01T00:00", "month", "30 days old, every month"),
        ("2013-06-01T00:00", "quarter", "213 days old, every quarter: overdue by 121 days"),
    ],
)
def test_freshness_in_words(arrived: str | None, every: str, words: str) -> None:
    moment = datetime.fromisoformat(arrived).replace(tzinfo=ZONE) if arrived else None
    assert freshness(moment, every, datetime(2013, 12, 31, 23, 0, tzinfo=ZONE)) == words

"""Sources that are not files: fetched, kept and taken in like any other; asked next time for what changed."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from api_server import Api, serving

from cchc.clock import now
from cchc.intake.reference import load_reference
from cchc.intake.run import ingest_sender
from cchc.settings import Settings
from cchc.warehouse.connect import admin_url, connect
from cchc.warehouse.roles import LOADER
from province import write_reference

SENDER = """\
sender: X01.01
synthetic: true
sources:
  dossiers:
    feed: dossier_log
    every: day
    due_precision: time
    connect:
      kind: http
      url: {url}/numbered
      records: data.items
      count: meta.total
      paging: {{kind: page}}
      watermark: {{param: since, overlap_minutes: 60}}
      allow_private: true
    read: {{kind: jsonl}}
    columns: {{updated_at: updated}}
"""


DROP = """\
    connect: {kind: file_drop, glob: "so-mot/*.csv"}
    read: {kind: csv}
"""
QUERY = """\
    connect:
      kind: sql
      connection: mot-cua
      query: select ma, updated from ho_so where updated >= :since
      overlap_minutes: 60
    read: {kind: jsonl}
    columns: {dossier_code: ma, updated_at: updated, received_at: updated}
    constants: {agency_code: X01.01}
"""


def dossier(number: int, day: int) -> dict[str, str]:
    stamp = f"2013-01-{day:02d}T08:00:00+07:00"
    return {"Mã cơ quan": "X01.01", "Mã hồ sơ": f"HS-{number}", "Ngày tiếp nhận": stamp, "Người nộp": "Nguyễn Văn A", "updated": stamp}


@pytest.fixture
def api() -> Iterator[Api]:
    with serving([dossier(number, number + 1) for number in range(9)]) as served:
        yield served


@pytest.fixture
def sender(config: Settings, api: Api) -> Path:
    write_reference(config.province)
    load_reference(config)
    path = config.province / "sources/so-mot.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(SENDER.format(url=api.url))
    return path


def accepted() -> list[tuple]:
    with connect(LOADER) as connection:
        query = "select dossier_code, count(*) from accepted.dossier_log group by 1 order by 1"
        return connection.execute(query).fetchall()


def test_the_second_night_asks_for_what_changed_and_loses_nothing(config: Settings, api: Api, sender: Path) -> None:
    first = ingest_sender(config, sender, now())
    assert list(first.deliveries.values()) == ["accepted"]
    assert first.failures == {}
    assert len(accepted()) == 9
    api.records += [dossier(50, 9), dossier(99, 20)]  # one of them late: within the overlap
    second = ingest_sender(config, sender, now() + timedelta(seconds=1))
    assert list(second.deliveries.values()) == ["accepted"]
    assert api.asked[-1][1]["since"].startswith("2013-01-09T07:00:00")
    assert {code for code, _ in accepted()} >= {"HS-50", "HS-99"}
    assert dict(accepted())["HS-0"] == 1


def test_a_source_that_does_not_answer_fails_alone_and_leaves_no_bytes(config: Settings, api: Api, sender: Path) -> None:
    api.faults["/numbered"] = ["forbidden"]
    result = ingest_sender(config, sender, now())
    assert list(result.failures) == [f"{config.province.name}/so-mot/dossiers"]
    assert result.deliveries == {}
    assert [path for path in config.home.iterdir() if path.is_file() and path.suffix not in (".json", ".log")] == []


def test_a_file_under_way_waits_for_the_next_intake(config: Settings, api: Api, sender: Path) -> None:
    sender.write_text(SENDER.partition("    connect:")[0] + DROP)
    (config.inbox_path / "so-mot").mkdir()
    with (config.inbox_path / "so-mot/a.csv").open("w") as upload:
        upload.write("Mã cơ quan,Mã hồ sơ,Ngày tiếp nhận\nX01.01,HS-1,2013-01-02\n")
        upload.flush()
        assert ingest_sender(config, sender, now() + timedelta(seconds=1)).deliveries == {}
        upload.write("X01.01,HS-2,2013-01-02\n")
    assert list(ingest_sender(config, sender, now() + timedelta(seconds=1)).deliveries.values()) == ["accepted"]
    assert accepted() == [("HS-1", 1), ("HS-2", 1)]


def test_a_database_is_asked_for_what_changed_with_an_overlap(
    config: Settings, sender: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setenv("AIRFLOW_CONN_MOT_CUA", admin_url(config))
    sender.write_text(SENDER.partition("    connect:")[0] + QUERY)
    with psycopg.connect(admin_url(config), autocommit=True) as other:
        other.execute("create table ho_so as select 'HS-' || n as ma, timestamptz '2013-01-01 08:00+07' + n * interval '1 day' as updated "
                      "from generate_series(0, 8) as n")  # fmt: skip
        assert list(ingest_sender(config, sender, now()).deliveries.values()) == ["accepted"]
        other.execute("insert into ho_so values ('late', '2013-01-09 07:30+07'), ('too late', '2013-01-02'), ('new', '2013-01-20')")
        assert list(ingest_sender(config, sender, now() + timedelta(seconds=1)).deliveries.values()) == ["accepted"]
    assert dict(accepted()) == {f"HS-{n}": 1 + (n == 8) for n in range(9)} | {"late": 1, "new": 1}


def test_a_replay_of_the_past_asks_nobody(config: Settings, api: Api, sender: Path) -> None:
    assert ingest_sender(config, sender, now() - timedelta(days=30)).deliveries == {}
    assert api.asked == []

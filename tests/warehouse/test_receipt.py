"""Real input through a source YAML alone: an event log of 8,577 events and 1,434 dossiers."""

import shutil

import pytest

from cchc.clock import parse_as_of
from cchc.intake.reference import load_reference
from cchc.intake.run import ingest_sender
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from house import PROJECT, shared_file
from province import write_reference

AS_OF = parse_as_of("2013-12-31")
ON_TIME = "select count(*) filter (where finished_at <= due_by), count(*) from accepted.dossier_log where finished_at is not null"


def take_in(config: Settings, **changes: str) -> None:
    write_reference(config.province)
    load_reference(config)
    text = (PROJECT / "tests/warehouse/receipt.yaml").read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    path = config.province / "sources/receipt.yaml"
    path.write_text(text, encoding="utf-8")
    shutil.copy(shared_file("receipt_wabo/receipt.csv"), config.inbox_path / "receipt.csv")
    result = ingest_sender(config, path, parse_as_of(None))
    assert result.failures == {}


def rows(query: str) -> list[tuple]:
    with connect("cchc_loader") as connection:
        return connection.execute(query).fetchall()


def test_events_fold_to_dossiers_and_counts_balance(config: Settings) -> None:
    take_in(config)
    assert rows("select rows_read, rows_counted, rows_accepted, rows_quarantined, rows_skipped from ops.delivery") == [
        (8577, 8577, 1434, 0, 8577 - 1434)
    ]
    assert rows("select count(*) filter (where finished_at is not null), count(*) filter (where finished_at is null) "
                "from accepted.dossier_log") == [(1329, 105)]  # fmt: skip


def test_on_time_by_timestamp_and_by_channel(config: Settings) -> None:
    take_in(config)
    assert rows(ON_TIME) == [(940, 1329)]
    by_channel = ON_TIME.replace("select", "select channel,", 1) + " group by channel order by channel"
    assert rows(by_channel) == [
        ("desk", 66, 107), ("email", 13, 21), ("internal", 1, 1), ("online", 825, 1148), ("post", 35, 52)
    ]  # fmt: skip


@pytest.mark.parametrize(("zone", "expected"), [("Europe/Amsterdam", 1007), ("Asia/Ho_Chi_Minh", 1007), ("UTC", 957)])
def test_a_due_date_depends_on_the_declared_zone(config: Settings, zone: str, expected: int) -> None:
    """957 is what a session wrongly in UTC would give."""
    take_in(config, **{"due_precision: time": "due_precision: day", "Europe/Amsterdam": zone})
    assert rows(ON_TIME) == [(expected, 1329)]


def test_dossiers_that_finish_before_they_start_are_kept_and_flagged(config: Settings) -> None:
    take_in(config)
    assert rows("select count(*) from accepted.dossier_log where _flags = 'finished_before_received'") == [(2,)]

"""A delivery of a `window` feed replaces what its source sent before for the same period, and nothing else."""

from pathlib import Path

import pytest

from cchc.clock import parse_as_of
from cchc.night.cut import take_cut
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from province import write_csv, write_reference
from small_night import ingest

SOURCE = """\
sender: X01.01
synthetic: true
sources:
  usage:
    feed: edocument_usage
    every: month
    connect: {kind: file_drop, glob: "so-mot/*/*.csv", arrived: "([0-9-]{10})"}
    read: {kind: csv}
"""
HEADER = ["Mã cơ quan", "Kỳ", "Số văn bản đi", "Số văn bản đi gửi điện tử"]
JANUARY, FEBRUARY, MARCH = "2013-01", "2013-02", "2013-03"


@pytest.fixture
def province(config: Settings) -> Settings:
    write_reference(config.province)
    (config.province / "sources/so-mot.yaml").write_text(SOURCE, encoding="utf-8")
    return config


def send(config: Settings, day: str, *rows: tuple[str, str, int], name: str = "usage") -> Path:
    path = config.inbox_path / "so-mot" / day / f"{name}.csv"
    write_csv(path, HEADER, [[unit, period, sent, ""] for unit, period, sent in rows])
    return path


def counting(config: Settings, day: str) -> list[tuple]:
    """What counts as of a day: unit, period, documents sent; read as staging reads it."""
    ingest(config, day)
    cut = take_cut(config, parse_as_of(day))
    with connect("cchc_transformer") as connection:
        return connection.execute(
            """select log.agency_code, log.period, log.documents_sent from accepted.edocument_usage log
               join ops.cut_period named on named.delivery_id = log._delivery and named.period = log.period
               where named.cut_id = %s order by 1, 2, 3""",
            (cut,),
        ).fetchall()


def in_force(day: str) -> list[bool]:
    with connect("cchc_transformer") as connection:
        found = connection.execute(
            """select in_force from ops.cut_delivery join ops.cut using (cut_id) where as_of = %s order by delivery_id""",
            (parse_as_of(day),),
        )
        return [row[0] for row in found]


def test_a_period_belongs_to_the_delivery_that_named_it_last(province: Settings) -> None:
    send(province, "2013-02-10", ("X01.01", JANUARY, 10), ("X01.01", FEBRUARY, 20))
    assert counting(province, "2013-02-28") == [("X01.01", JANUARY, 10), ("X01.01", FEBRUARY, 20)]
    send(province, "2013-03-10", ("X01.01", FEBRUARY, 21), ("X01.01", MARCH, 30))
    assert counting(province, "2013-03-31") == [("X01.01", JANUARY, 10), ("X01.01", FEBRUARY, 21), ("X01.01", MARCH, 30)]
    assert in_force("2013-03-31") == [True, True]
    send(province, "2013-04-10", ("X01.01", JANUARY, 11))
    assert counting(province, "2013-04-30") == [("X01.01", JANUARY, 11), ("X01.01", FEBRUARY, 21), ("X01.01", MARCH, 30)]
    assert in_force("2013-04-30") == [False, True, True]
    assert counting(province, "2013-03-31") == [("X01.01", JANUARY, 10), ("X01.01", FEBRUARY, 21), ("X01.01", MARCH, 30)]


def test_the_same_bytes_again_take_their_periods_back(province: Settings) -> None:
    send(province, "2013-02-10", ("X01.01", JANUARY, 10))
    send(province, "2013-02-12", ("X01.01", JANUARY, 12))
    send(province, "2013-02-14", ("X01.01", JANUARY, 10), name="again")
    assert counting(province, "2013-02-13") == [("X01.01", JANUARY, 12)]
    assert counting(province, "2013-02-28") == [("X01.01", JANUARY, 10)]


def test_rows_that_were_refused_replace_nothing(province: Settings) -> None:
    send(province, "2013-02-10", ("X01.01", JANUARY, 10), ("X01.01", FEBRUARY, 20))
    send(province, "2013-02-12", ("X01.01", JANUARY, -1), ("X01.01", "tháng 2", 5), *[("X01.01", f"2012-{m:02d}", m) for m in range(1, 13)])
    found = counting(province, "2013-02-28")
    assert found[-2:] == [("X01.01", JANUARY, 10), ("X01.01", FEBRUARY, 20)] and len(found) == 14
    with connect("cchc_loader") as connection:
        rules = connection.execute("select rule, column_name from quarantine.row order by line").fetchall()
    assert rules == [("below_min", "documents_sent"), ("bad_period", "period")]


def test_a_delivery_that_was_taken_out_gives_its_periods_back(province: Settings) -> None:
    from cchc.intake.decide import decide

    send(province, "2013-02-10", ("X01.01", JANUARY, 10))
    send(province, "2013-02-12", ("X01.01", JANUARY, 12))
    assert counting(province, "2013-02-27") == [("X01.01", JANUARY, 12)]
    decide(province.province.name, 2, "withdrawn", "sai kỳ")
    assert counting(province, "2013-02-28") == [("X01.01", JANUARY, 10)]

"""Casting text to the contract's types in the source's declared formats and zone."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from cchc.connectors.sources import Source
from cchc.contracts import Column
from cchc.intake.cast import cast_column, one_offset


def cast(kind: str, cells: list, **source: str) -> tuple[list, list[int]]:
    declared = Source(feed="dossier_log", every="month", connect={"kind": "file_drop", "glob": "x"}, read={"kind": "csv"}, **source)
    typed = cast_column(pa.array(cells, pa.string()), Column(type=kind, vi="x"), declared)
    bad = [k for k, is_bad in enumerate(typed.bad.to_pylist() if typed.bad is not None else []) if is_bad]
    return typed.values.to_pylist(), bad


@pytest.mark.parametrize(
    ("cells", "pattern", "expected", "bad"),
    [
        (["01/02/2013", "1/2/2013", None], "%d/%m/%Y", [date(2013, 2, 1), date(2013, 2, 1), None], []),
        (["31/02/2013", "29/02/2013", "29/02/2012"], "%d/%m/%Y", [None, None, date(2012, 2, 29)], [0, 1]),
        (["13/13/2013", "x", "2013-02-03"], "%d/%m/%Y", [None, None, date(2013, 2, 3)], [0, 1]),
        (["2013-02-30", "20130203", "2013-02-03"], None, [None, None, date(2013, 2, 3)], [0, 1]),
        (
            ["41609", "41609.75", "60", "0", "9999999", "2013-02-03"],
            "excel",
            [date(2013, 12, 1), date(2013, 12, 1), date(1900, 2, 28), None, None, date(2013, 2, 3)],
            [3, 4],
        ),
        (["02/31/2013", "02/28/2013"], "%m/%d/%Y", [None, date(2013, 2, 28)], [0]),
    ],
)
def test_dates(cells: list, pattern: str | None, expected: list, bad: list) -> None:
    assert cast("date", cells, **({"dates": pattern} if pattern else {})) == (expected, bad)


def test_instants_are_read_in_the_sources_zone() -> None:
    assert cast("instant", ["2013-07-01T10:00"])[0] == [datetime(2013, 7, 1, 3, tzinfo=UTC)]
    assert cast("instant", ["2013-07-01T10:00"], time_zone="Europe/Amsterdam")[0] == [datetime(2013, 7, 1, 8, tzinfo=UTC)]
    assert cast("instant", ["1/7/2013 8:05"], instants="%d/%m/%Y %H:%M")[0] == [datetime(2013, 7, 1, 1, 5, tzinfo=UTC)]


def test_an_offset_that_never_changes_is_subtracted_and_one_that_does_is_not() -> None:
    assert one_offset("Asia/Ho_Chi_Minh", 1976, 2030) == timedelta(hours=7)
    assert one_offset("Asia/Ho_Chi_Minh", 1975, 2030) is None  # +08 in Saigon until 13/6/1975
    assert one_offset("Europe/Amsterdam", 2013, 2013) is None
    assert one_offset("Asia/Ho_Chi_Minh", 0, 0) is one_offset("Asia/Ho_Chi_Minh", 1000, 2030) is None


@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "Europe/Amsterdam", "Asia/Kathmandu"])
@pytest.mark.parametrize("years", [(2010, 2014), (1974, 1976), (1950, 2030)])
def test_instants_are_those_of_the_zones_own_table(zone: str, years: tuple[int, int]) -> None:
    random = Random(f"{zone}{years}")
    cells = [datetime(random.randint(*years), random.randint(1, 12), random.randint(1, 28), random.randint(4, 23)) for _ in range(200)]
    expected = [cell.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for cell in cells]
    assert cast("instant", [cell.isoformat() for cell in cells], time_zone=zone) == (expected, [])
    assert cast("instant", [None, None], time_zone=zone) == ([None, None], [])


def test_serial_instants_of_a_workbook_are_local_time() -> None:
    assert cast("instant", ["41609,75"], instants="excel", decimal=",")[0] == [datetime(2013, 12, 1, 11, tzinfo=UTC)]


def test_offsets_and_mixed_fractions() -> None:
    cells = ["2011-10-11 13:42:22.688000+02:00", "2011-12-06 01:06:40+01:00", "2011-12-06 01:06:40.1234567", "no", None]
    values, bad = cast("instant", cells)
    assert values[:2] == [datetime(2011, 10, 11, 11, 42, 22, 688000, UTC), datetime(2011, 12, 6, 0, 6, 40, tzinfo=UTC)]
    assert (values[3:], bad) == ([None, None], [3])


@pytest.mark.parametrize(
    ("cells", "mark", "expected", "bad"),
    [
        (["1.234,5", "12", "1.234.567", "-5"], ",", ["1234.50", "12", "1234567", "-5"], []),
        (["1.23", "1e3", "12.34.567", "hai", "0x1f"], ",", [None] * 5, [0, 1, 2, 3, 4]),
        (["1,234.50", "0.005", "99999999999999999999"], ".", ["1234.5", None, None], [1, 2]),
        (["NaN", "inf", "١٢"], ".", [None] * 3, [0, 1, 2]),
    ],
)
def test_amounts(cells: list, mark: str, expected: list, bad: list) -> None:
    values, found = cast("amount", cells, decimal=mark)
    assert (values, found) == ([None if e is None else Decimal(e) for e in expected], bad)


def test_booleans() -> None:
    assert cast("boolean", ["Có", "x", "KHÔNG", "0", "maybe", None]) == ([True, True, False, False, None, None], [4])

"""Every measure at its boundary, exclusion, tie and emptiness: measure_cases/*.yaml, rows by hand, behind one night.

Each case has a unit of its own (a department; `other` names a second one), so that none sees another's rows.
As-of is the end of 2013; periods are 2012, 2013 and its H1, 9M, Q3, Q4, and the programme P2011-2015.
"""

import re
from collections import defaultdict
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from cchc.contracts import contract
from cchc.contracts.safe_yaml import read_yaml
from cchc.errors import ConfigError, DataError
from cchc.measures import every_measure, measure_files
from cchc.night.explain import explain
from cchc.night.explain_book import explain_bytes
from cchc.warehouse.connect import connect
from dbt_fixture import PROVINCE, Row, at, end, figures_that_rows_miss, installation
from province import UNIT_HEADER, UNITS

CASES = [case for path in sorted((Path(__file__).parent / "measure_cases").glob("*.yaml")) for case in read_yaml(path)]
PERIODS = {"2012": ("year", "2012-01-01", "2012-12-31"), "2013": ("year", "2013-01-01", "2013-12-31"),
           "2013-H1": ("half", "2013-01-01", "2013-06-30"), "2013-9M": ("nine_months", "2013-01-01", "2013-09-30"),
           "2013-Q3": ("quarter", "2013-07-01", "2013-09-30"), "2013-Q4": ("quarter", "2013-10-01", "2013-12-31"),
           "P2011-2015": ("programme", "2011-01-01", "2015-12-31")}  # fmt: skip
SETTINGS = {"synthetic": "true", "province_name_vi": "Thử nghiệm", "framework": "F"}
MADE_UP = {
    "text": "x",
    "integer": 0,
    "decimal": 0,
    "amount": 0,
    "date": "2010-01-01",
    "instant": "2010-01-01T08:00+07:00",
    "boolean": False,
}


def unit_of(number: int, case: Row, whose: str = "me") -> str:
    """The code of a case's unit."""
    if whose == "me" and case.get("unit") == "province":
        return PROVINCE
    return {"me": f"X01.C{number:03d}", "other": f"X01.D{number:03d}"}.get(whose, whose)


def units() -> list[Row]:
    """The small province and two departments for each case."""
    rows = [[*row, "2000-01-01", "test"] for row in UNITS]
    for number, case in enumerate(CASES):
        for whose in ("me", "other") if "other" in str(case) else ("me",):
            if (code := unit_of(number, case, whose)) != PROVINCE:
                rows.append([code, f"Sở {code}", "department", "province", "department", PROVINCE, 100 + number, "2000-01-01", "test"])
    return [dict(zip(UNIT_HEADER, row, strict=True)) for row in rows]


def filled(feed: str, number: int, place: int, case: Row, row: Row) -> Row:
    """A row with its unit, and what its contract asks for beside what the case is about."""
    agreed = contract(feed)
    told = {name: unit_of(number, case, value) if agreed.columns[name].type == "unit" and value else value for name, value in row.items()}
    asked = {name: c for name, c in agreed.stored.items() if (c.required or name in agreed.key) and name not in told and not c.derived}
    for name, column in asked.items():
        if column.type == "unit":
            told[name] = unit_of(number, case)
        elif name in ("plan_year", "period"):
            told[name] = "2013"
        elif column.allowed:
            told[name] = column.allowed[0]
        else:
            told[name] = f"{number}-{place}" if column.type == "code" else place if name in agreed.key else MADE_UP[column.type]
    return told


@pytest.fixture(scope="module")
def built(server, tmp_path_factory):
    """All cases in one province and one night."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for number, case in enumerate(CASES):
        for feed, told in case.get("rows", {}).items():
            rows[feed] += [filled(feed, number, place, case, row) for place, row in enumerate(told)]
    periods = [{"period_code": code, "kind": kind, "regime": "test", "starts_on": first, "ends_on": last, "due_on": last}
               for code, (kind, first, last) in PERIODS.items()]  # fmt: skip
    with installation(server, tmp_path_factory.mktemp("dbt")) as warehouse:
        settings = [{"name": name, "value": value} for name, value in SETTINGS.items()]
        warehouse.load_reference(unit=units(), period=periods, setting=settings)
        for feed, told in rows.items():
            warehouse.deliver(PROVINCE, feed, told, at("12-31", "18:00"))
        cut = warehouse.cut(end("12-31"))
        assert warehouse.build(end("12-31"), cut) == []
        warehouse.remember_night(end("12-31"), cut)
        yield warehouse


@pytest.fixture(scope="module")
def figures(built) -> dict[tuple[str, str, str, str], tuple[Any, ...]]:
    """Every unit's figure: measure, unit, period, dimension → numerator, denominator, whether collected."""
    told = built.rows("select measure || '@' || version, agency_code, period_code, dim, numerator, denominator, is_collected "
                      "from {s}_measures.measure_unit")  # fmt: skip
    return {row[:4]: row[4:] for row in told}


def written(figure: tuple[Any, ...] | None) -> str:
    """A figure as cases write it: 1/3, 4, 0/0; – for not collected; none for no figure at all."""
    if figure is None:
        return "none"
    numerator, denominator, is_collected = figure
    if not is_collected:
        return "–"
    return plain(numerator) if denominator is None else f"{plain(numerator)}/{plain(denominator)}"


def plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


NAMES = [f"{number}-{case['measure']}-{case['shows']}" for number, case in enumerate(CASES)]


@pytest.mark.parametrize("number", range(len(CASES)), ids=NAMES)
def test_a_case_is_counted_as_written(figures, number):
    case = CASES[number]
    measure = case["measure"] if "@" in case["measure"] else f"{case['measure']}@1"
    period = case.get("period", "2013")
    wanted = {("me", ""): case["expect"], **({("other", ""): case["other"]} if "other" in case else {})}
    wanted |= {("me", dim): value for dim, value in case.get("dims", {}).items()}
    found = {key: written(figures.get((measure, unit_of(number, case, key[0]), period, key[1]))) for key in wanted}
    assert found == {key: str(value) for key, value in wanted.items()}, case["why"]


def test_every_measure_made_of_rows_has_its_cases():
    """Boundary and emptiness of each, an exclusion where any is named, a tie where two days of a row or two values are compared."""
    shown = defaultdict(set)
    for case in CASES:
        shown[case["measure"].partition("@")[0]].add(case["shows"])
    missing = {}
    for measure in every_measure():
        asked = {"boundary", "empty"} if measure.parts else set()
        asked |= {"exclusion"} if any(part.without for part in measure.parts) else set()
        asked |= {"tie"} if any(re.search(r"row\.\w+ [<>]= row\.\w+", part.counts) for part in measure.parts) else set()
        if lacking := asked - shown[measure.id]:
            missing[measure.id] = sorted(lacking)
    assert missing == {}


def test_every_case_names_a_measure():
    assert {case["measure"].partition("@")[0] for case in CASES} <= {measure.id for measure in every_measure()}


def test_the_rows_behind_every_figure_add_up_to_it(built):
    compared, missed = figures_that_rows_miss(built.schema, end("12-31"))
    assert missed == []
    assert compared > 5000


def test_figures_of_the_province_are_explained_by_their_rows(built):
    """All units together, whole, by level and by breakdown, one measure of each feed: the rows add up, the deliveries are named."""
    of_feed = [max((m for m in file.measures if m.parts), key=lambda m: len(m.dims), default=None) for file in measure_files()]
    told = built.rows("select distinct on (measure, dim like '%%level=%%', dim like '%%,%%') measure, dim from {s}_reporting.measure "
                      "where agency_code = %s and period_code = '2013' and status <> 'M' and measure = any(%s) order by measure, "
                      "dim like '%%level=%%', dim like '%%,%%', dim", PROVINCE, [m.id for m in of_feed if m])  # fmt: skip
    assert len(told) > 40
    for measure, dim in told:
        found = explain(built.config, measure, PROVINCE, "2013", dim)
        assert found.adds_up, (measure, dim, found.numerator, found.denominator, found.figure)
        assert all(len(delivery["sha256"]) == 64 for delivery in found.deliveries)
        assert bool(found.deliveries) == bool(found.rows)


def test_a_figure_s_explanation_names_what_was_left_out_and_its_rows(built):
    number = next(n for n, case in enumerate(CASES) if (case["measure"], case["shows"]) == ("plan_completion_rate", "exclusion"))
    found = explain(built.config, "plan_completion_rate", unit_of(number, CASES[number]), "2013")
    assert found.left_out == {"Nhiệm vụ có lý do khách quan được ghi nhận": 2}
    assert [(row["numerator"], row["denominator"]) for row in found.rows] == [(0, 0), (0, 0), (1, 1)]
    sheet = load_workbook(BytesIO(explain_bytes(found)))["Dòng"]
    assert sheet.max_row == 4
    assert "excused_reason" in [cell.value for cell in sheet[1]]


def test_what_is_not_there_is_told(built):
    with pytest.raises(ConfigError, match="no measure 'no_such'"):
        explain(built.config, "no_such", PROVINCE, "2013")
    with pytest.raises(DataError, match=r"has no figure plan_issued@1:X01\.01:2013-Q4"):
        explain(built.config, "plan_issued", "X01.01", "2013-Q4")


def test_two_versions_stand_side_by_side_while_both_are_valid(built):
    """A changed definition is a new version: here it is asked for from the fourth quarter on, the old one until the year's end."""
    (compiled,) = (built.config.home / "dbt/target/compiled").glob("**/measures/measure_unit.sql")
    with connect("cchc_transformer") as connection:
        catalogue = f"{built.schema}_reporting.measure_catalogue"
        connection.execute(f"create temporary table newer as select * from {catalogue} where measure = 'one_stop_body_count'")
        connection.execute("update newer set version = 2, valid_from = '2013-12-31'")
        connection.execute(f"update {catalogue} set valid_to = '2014-01-01' where measure = 'one_stop_body_count'")
        connection.execute(f"insert into {catalogue} select * from newer")
        query = f"""select version, array_agg(period_code order by period_code) from ({compiled.read_text()}) m
          where measure = 'one_stop_body_count' and agency_code = 'X01' and dim = '' group by 1"""
        told = dict(connection.execute(query).fetchall())
        connection.rollback()
    assert told == {1: ["2012", "2013", "2013-9M", "2013-H1", "2013-Q3", "2013-Q4"], 2: ["2013", "2013-Q4"]}

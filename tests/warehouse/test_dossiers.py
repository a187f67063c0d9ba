"""Dossiers by hand behind one night: the working-time clock at its edges, states that balance, form II.06a.

Days are those of the demonstration's calendar: in January 2014 Saturday 25 is made up, 28/1 to 5/2 are off (Tết), Saturday
8/2 is made up. Sessions 07:00-11:30 and 13:30-17:00: a day is 480 minutes.
"""

import csv
import re
from datetime import datetime, time
from typing import Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from cchc.cli.explain import app
from cchc.clock import ZONE
from cchc.errors import ConfigError, DataError
from cchc.night.explain_figure import explain_figure
from cchc.night.explain_form import explain_cell
from cchc.reports.forms import form_of
from cchc.settings import PROJECT
from dbt_fixture import COMMUNE, DISTRICT, ONE, PROVINCE, TWO, Row, installation

CALENDAR = PROJECT / "dags/provinces/son-la/reference/calendar_day.csv"
ARRIVED = datetime(2014, 2, 28, 18, tzinfo=ZONE)
AS_OF = datetime(2014, 2, 28, 23, 59, 59, 999999, tzinfo=ZONE)
LAST = time(23, 59, 59, 999999)


def instant(text: str) -> datetime:
    """`01-10 16:00` of 2014; a day alone is its last instant."""
    day, _, clock = text.partition(" ")
    return datetime.fromisoformat(f"2014-{day}T{clock or LAST}").replace(tzinfo=ZONE)


def dossier(code: str, received: str, due: str | None, finished: str | None = None, agency: str = ONE, **more: Any) -> Row:
    """A row of feed dossier_log; `due` with a clock is a due time, else a date. Times in `more` are texts too."""
    told = {name: instant(value) if name.endswith(("_at", "_from", "_to")) else value for name, value in more.items()}
    at = due and (instant(due) if " " in due else instant(f"{due} 00:00"))
    return {"agency_code": agency, "dossier_code": code, "channel": "desk", "received_at": instant(received), "due_at": at,
            "due_by": due and instant(due), "finished_at": finished and instant(finished)} | told  # fmt: skip


# row → timing, until when it is in time, working minutes used
CLOCK = [
    (dossier("received after hours", "01-08 17:30", "01-15", "01-09 08:00"), "early", "01-15", 60),
    (dossier("received at noon", "01-08 12:00", "01-15", "01-08 14:00"), "early", "01-15", 30),
    (dossier("received on a Sunday", "01-12 10:00", "01-15", "01-13 07:10"), "early", "01-15", 10),
    (dossier("over a made-up Saturday", "01-24 16:00", "02-10", "01-25 08:00"), "early", "02-10", 120),
    (dossier("over Tết", "01-27 16:30", "02-10", "02-06 07:30"), "early", "02-10", 60),
    (dossier("finished after hours", "01-08 16:00", "01-15", "01-08 21:00"), "early", "01-15", 60),
    (dossier("finished before it was received", "01-08 16:00", "01-15", "01-07 10:00"), "early", "01-15", 0),
    (dossier("a due date until its end", "01-08 08:00", "01-10", "01-10"), "on_time", "01-10", 420 + 960),
    (dossier("and not a moment longer", "01-08 08:00", "01-10", "01-11 00:00"), "late", "01-10", 420 + 960),
    (dossier("early is before the due day", "01-08 08:00", "01-10", "01-09"), "early", "01-10", 420 + 480),
    (dossier("not on it", "01-08 08:00", "01-10", "01-10 00:00"), "on_time", "01-10", 420 + 480),
    (dossier("early is before the due session", "01-10 07:00", "01-10 15:00", "01-10 13:29"), "early", "01-10 15:00", 270),
    (dossier("not in it", "01-10 07:00", "01-10 15:00", "01-10 13:30"), "on_time", "01-10 15:00", 270),
    (dossier("a due time is met until it", "01-10 07:00", "01-10 15:00", "01-10 15:00"), "on_time", "01-10 15:00", 360),
    (dossier("and not a minute longer", "01-10 07:00", "01-10 15:00", "01-10 15:01"), "late", "01-10 15:00", 361),
    (dossier("no due date", "01-10 07:00", None, "01-10 08:00"), None, None, 60),
    # pauses: 60 minutes of Friday and 120 of Monday, none of the weekend
    (dossier("paused over a weekend", "01-08 08:00", "01-10", "01-13 15:00", paused_from="01-10 16:00", paused_to="01-13 09:00"),
     "on_time", "01-13", 420 + 960 + 360 - 180),
    (dossier("a due time moves to the end of the day", "01-10 07:00", "01-10 16:00", "01-10 17:00", paused_from="01-10 10:00",
             paused_to="01-10 11:00"), "on_time", "01-10 17:00", 480 - 60),
    (dossier("a minute more into the next session", "01-10 07:00", "01-10 16:00", "01-13 07:02", paused_minutes=61), "late",
     "01-13 07:01", 480 + 2 - 61),
    (dossier("over noon", "01-10 07:00", "01-10 11:00", None, paused_minutes=60), None, "01-10 14:00", None),
    (dossier("to a made-up Saturday", "01-20 08:00", "01-24", None, paused_minutes=480), None, "01-25", None),
    (dossier("over Tết by a minute", "01-20 08:00", "01-27", None, paused_minutes=1), None, "02-06", None),
    (dossier("the sum holds the last pause", "01-08 08:00", "01-10 10:00", None, paused_minutes=180, paused_from="01-09 08:00",
             paused_to="01-09 09:00"), None, "01-10 15:00", None),
    (dossier("paused after it was due", "01-08 08:00", "01-10 16:00", "01-13 10:00", paused_from="01-10 16:30",
             paused_to="01-13 09:00"), "late", "01-10 16:00", 420 + 960 + 180 - 150),
    (dossier("finished while paused", "01-09 09:00", "01-09 16:00", "01-09 11:00", paused_from="01-09 10:00"), "early", "01-09 17:00", 60),
    (dossier("paused before it was received", "01-09 10:00", "01-09 16:00", "01-09 11:30", paused_from="01-09 07:00",
             paused_to="01-09 11:00"), "early", "01-09 17:00", 30),
    (dossier("a new appointment does not move it", "01-08 08:00", "01-10", "01-15 10:00", new_due_at="01-20 17:00", new_appointments=1,
             apology_on="2014-01-09"), "late", "01-10", 420 + 960 + 960 + 180),
]  # fmt: skip

# Sector I: procedure 1.000001 of the unit's catalogue in whatever local form; II: only the province's other unit lists it;
# a code that nobody lists keeps the sector of the dossier, and without one has none.
FORM = [
    dossier("carried over", "01-02 08:00", "02-10", "02-07 10:00", agency=TWO, procedure_code="1.000001.000.00.00.H52"),
    dossier("online", "02-03 08:00", "02-20", "02-20 10:00", agency=TWO, procedure_code="1.000001.H52", channel="online"),
    dossier("late", "02-03 08:00", "02-07", "02-10 10:00", agency=TWO, procedure_code="1.000001"),
    dossier("returned", "02-03 08:00", "02-20", None, agency=TWO, procedure_code="2.000002.H52", closed_as="returned",
            ended_at="02-12 09:00"),
    dossier("stopped", "02-03 08:00", "02-20", None, agency=TWO, procedure_code="2.000002.H52", closed_as="stopped",
            _version=instant("02-12 09:00")),
    dossier("without due date", "02-03 08:00", None, "02-10 09:00", agency=TWO, procedure_code="X-1", sector="Riêng"),
    dossier("open", "02-24 08:00", "03-10", None, agency=TWO, procedure_code="X-1", sector="Riêng"),
    dossier("overdue", "02-03 08:00", "02-20", None, agency=TWO, sector="Riêng"),
    dossier("paused", "02-03 08:00", "02-20", None, agency=TWO, paused_from="02-19 08:00"),
    dossier("paused too late", "02-03 08:00", "02-20", None, agency=TWO, paused_from="02-21 08:00"),
    dossier("paused and resumed", "02-03 08:00", "02-20", None, agency=TWO, paused_from="02-04 08:00", paused_to="02-27 08:00"),
    dossier("paused since January", "01-10 08:00", "02-20", None, agency=TWO, paused_from="01-20 08:00"),
    dossier("resumed in February", "01-10 08:00", "03-20", None, agency=TWO, paused_from="01-20 08:00", paused_to="02-10 08:00"),
    dossier("of a commune", "02-03 08:00", "02-20", "02-10 10:00", agency=COMMUNE),
]  # fmt: skip

CATALOGUE = [
    {"agency_code": TWO, "procedure_code": "1.000001", "name": "Một", "sector": "Một", "statutory_days": 10},
    {"agency_code": ONE, "procedure_code": "1.000001", "name": "Một", "sector": "Khác", "statutory_days": 3},
    {"agency_code": ONE, "procedure_code": "2.000002.000.00.00.H52", "name": "Hai", "sector": "Hai", "statutory_days": 5},
]
# two periods that adjoin, as quarters: the form's kind
PERIODS = [("2014-Q1", "quarter", "2014-01-01", "2014-01-31"), ("2014-Q2", "quarter", "2014-02-01", "2014-02-28"),
           ("2014", "year", "2014-01-01", "2014-12-31"), ("2014-02", "month", "2014-02-01", "2014-02-28")]  # fmt: skip
COLUMNS = [f"c{number}" for number in range(3, 14)] + ["returned", "stopped", "no_due", "paused"]
TWO_IN_FEBRUARY = {
    # sector:  3   4  5  6  7  8  9 10 11 12 13  returned, stopped, no due date, paused
    None: (13, 1, 9, 3, 6, 1, 4, 1, 7, 5, 2, 1, 1, 1, 3),
    "Một": (3, 1, 1, 1, 3, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0),
    "Hai": (2, 0, 2, 0, 2, 0, 2, 0, 0, 0, 0, 1, 1, 0, 0),
    "Riêng": (3, 0, 3, 0, 1, 0, 1, 0, 2, 1, 1, 0, 0, 1, 0),
    "": (5, 0, 3, 2, 0, 0, 0, 0, 5, 4, 1, 0, 0, 0, 3),
}
PAUSED_IN_COLUMN_9 = (13, 1, 9, 3, 8, 1, 6, 1, 5, 3, 2, 1, 1, 1, 2)


def reference(**settings: str) -> dict[str, list[Row]]:
    """The calendar of the demonstration, the periods above, settings."""
    with open(CALENDAR, encoding="utf-8", newline="") as file:
        days = [row for row in csv.DictReader(file) if row["day"][:4] in ("2013", "2014", "2015")]
    periods = [{"period_code": code, "kind": kind, "regime": "test", "starts_on": first, "ends_on": last, "due_on": last}
               for code, kind, first, last in PERIODS]  # fmt: skip
    told = {"synthetic": "true", "province_name_vi": "Thử nghiệm"} | settings
    return {"calendar_day": days, "period": periods, "setting": [{"name": name, "value": value} for name, value in told.items()]}


@pytest.fixture(scope="module")
def built(server, tmp_path_factory):
    """Everything above as of the end of February, built once."""
    with installation(server, tmp_path_factory.mktemp("dbt")) as warehouse:
        warehouse.load_reference(**reference())
        warehouse.deliver(ONE, "dossier_log", [row for row, *_ in CLOCK], ARRIVED)
        warehouse.deliver(TWO, "dossier_log", [row for row in FORM if row["agency_code"] == TWO], ARRIVED)
        warehouse.deliver(DISTRICT, "dossier_log", [row for row in FORM if row["agency_code"] == COMMUNE], ARRIVED)
        warehouse.deliver(ONE, "procedure_catalogue", CATALOGUE, ARRIVED)
        warehouse.cut_id = warehouse.cut(AS_OF)
        assert warehouse.build(AS_OF, warehouse.cut_id) == []
        warehouse.remember_night(AS_OF, warehouse.cut_id)
        yield warehouse


@pytest.fixture(scope="module")
def facts(built):
    """Code → timing, due by, working minutes of the clock's dossiers."""
    return {row[0]: row[1:] for row in built.rows(
        "select dossier_code, timing, due_by, worked_minutes, is_held, overdue_on from {s}_facts.fct_dossier where agency_code = %s", ONE
    )}  # fmt: skip


@pytest.mark.parametrize(("row", "timing", "due", "worked"), CLOCK, ids=[row["dossier_code"] for row, *_ in CLOCK])
def test_the_clock(facts, row, timing, due, worked):
    assert facts[row["dossier_code"]][:3] == (timing, due and instant(due), worked)


def test_a_paused_dossier_is_not_overdue_unless_it_was_before(built):
    rows = built.rows("select dossier_code, is_held, overdue_on::text from {s}_facts.fct_dossier where agency_code = %s and "
                      "dossier_code like 'paused%%' order by 1", TWO)  # fmt: skip
    assert rows == [("paused", True, None), ("paused and resumed", False, "2014-03-18"), ("paused since January", True, None),
                    ("paused too late", False, "2014-02-21")]  # fmt: skip
    assert built.measure("overdue_pending_count", TWO, "2014-Q2") == (2, None, "A")
    assert built.measure("paused_count", TWO, "2014-Q2") == (3, None, "A")
    assert built.measure("paused_count", TWO, "2014-Q1") == (2, None, "A")
    assert built.measure("on_time_of_due", TWO, "2014-Q2")[:2] == (2, 5), "neither paused nor ended early by return fell due"


def test_states_balance(built):
    wrong = built.rows("select * from {s}_measures.dossier_period where received + carried_over <> early + on_time + late + no_due + "
                       "returned + stopped + pending or pending_paused > pending or overdue > pending")  # fmt: skip
    assert wrong == []
    whole = "select sum(received), sum(pending) from {s}_measures.dossier_period where period_code = '2014' and channel = ''"
    assert built.rows(whole) == [(len(CLOCK) + len(FORM), 7 + 4)]


def test_handling_time_against_the_law(built):
    """9,720 + 5,460 + 1,620 minutes of 30 days: longer than the law gives; one has no known time."""
    assert built.measure("handling_time_cut", TWO, "2014-Q2") == (14400 - 16800, 14400, "A")
    assert built.measure("handling_time_unknown_count", TWO, "2014-Q2") == (1, None, "A")


def form(warehouse, unit: str, period: str) -> dict[str | None, tuple[int, ...]]:
    """The form's rows of a unit by sector (None: the whole)."""
    rows = warehouse.rows(f"select coalesce(sector_vi, nullif(dim, '')), {', '.join(COLUMNS)} from {{s}}_reporting.form_ii06a "
                          "where agency_code = %s and period_code = %s", unit, period)  # fmt: skip
    return {row[0]: row[1:] for row in rows}


def test_the_form_by_sector(built):
    assert form(built, TWO, "2014-Q2") == TWO_IN_FEBRUARY


def test_the_form_of_the_province_and_its_levels(built):
    found = form(built, PROVINCE, "2014-Q2")
    assert found["level=commune"] == form(built, COMMUNE, "2014-Q2")[None] == (1, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    assert form(built, DISTRICT, "2014-Q2") == {None: (0,) * 15}, "collected, and nothing came: 0"
    whole = [form(built, unit, "2014-Q2")[None] for unit in (ONE, TWO, DISTRICT, COMMUNE)]
    assert found[None] == tuple(map(sum, zip(*whole, strict=True)))


def test_what_is_carried_over_is_the_stock_of_the_period_before(built):
    earlier, later = form(built, TWO, "2014-Q1")[None], form(built, TWO, "2014-Q2")[None]
    assert earlier[COLUMNS.index("c11")] == later[COLUMNS.index("c6")] == 3


def cells_that_rows_miss(warehouse, name: str) -> tuple[int, list[str]]:
    """How many cells of a form were explained, and those that the rows behind them do not add up to."""
    asked = form_of(name)
    rows = warehouse.rows(f"select agency_code, period_code, dim from {{s}}_reporting.form_{name} order by 1, 2, 3")
    told = [explain_cell(warehouse.config, asked, column, *row) for row in rows for column in asked.numbers]
    return len(told), [f"{one.figure['figure']}: {one.figure['value']}, rows {one.numerator}" for one in told if not one.adds_up]


@pytest.mark.parametrize(("name", "least"), [("ii06a", 400), ("ii07b", 100)])
def test_the_rows_behind_every_cell_of_the_forms_add_up_to_it(built, name, least):
    counted, missed = cells_that_rows_miss(built, name)
    assert missed == []
    assert counted > least


def test_a_cell_is_explained_by_the_id_that_a_report_prints(built, tmp_path):
    sector = built.rows("select dim from {s}_reporting.form_ii06a where agency_code = %s and sector_vi = 'Một' limit 1", TWO)[0][0]
    name = f"form_ii06a_c7@1:{TWO}:2014-Q2:{sector}"
    done = CliRunner().invoke(app, ["figure", name, "--out", str(tmp_path / "rows.xlsx")])
    assert done.exit_code == 0, done.output
    told = done.stdout.splitlines()
    assert told[:2] == [f"{name} = 3", "Biểu số II.06a/VPCP/KSTT, cột 7: Số lượng hồ sơ đã giải quyết: tổng số"]
    assert [line.split(maxsplit=1) for line in told[3:10]] == [
        ["form", "Biểu số II.06a/VPCP/KSTT (Thông tư 01/2020/TT-VPCP): Tình hình, kết quả giải quyết thủ tục hành chính"],
        ["column", "(7) Số lượng hồ sơ đã giải quyết: tổng số, hồ sơ"], ["unit", f"{TWO} Sở Hai"],
        ["period", "2014-Q2 (01/02/2014 - 28/02/2014)"], ["row", "lĩnh vực Một"], ["counts", "closed"],
        ["measures", "none counts this alone"],
    ]  # fmt: skip
    assert re.search(r"1 deliveries\n  \d+  \S+  2014-02-28 18:00  13 rows  sha256 [0-9a-f]{12}", done.stdout)
    assert told[-1] == "✓ 3 rows add up to it"
    rows = list(load_workbook(tmp_path / "rows.xlsx")["Dòng"].values)
    assert {row[rows[0].index("dossier_code")] for row in rows[1:]} == {"carried over", "online", "late"}


def test_cells_of_the_province_and_of_procedures_and_figures_of_measures_have_ids_too(built):
    level = explain_figure(built.config, f"form_ii06a_c8@1:{PROVINCE}:2014-Q2:level=commune")
    assert ([row["agency_code"] for row in level.rows], level.about["row"]) == ([COMMUNE], "cấp xã")
    assert level.about["measures"] == "numerator of early_rate@1"
    once = explain_figure(built.config, f"form_ii07b_c3@1:{PROVINCE}:2014-Q2")
    assert (once.figure["value"], len(once.rows), once.left_out) == (2, 3, {"Cùng một thủ tục, đã tính ở dòng khác": 1})
    assert explain_figure(built.config, f"paused_count@1:{TWO}:2014-Q2").figure["value"] == 3


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [("form_ii06a_c3", ConfigError, "is no figure's id"), (f"form_ii06a_c99@1:{TWO}:2014-Q2", ConfigError, "columns c3 to c13, version 1"),
     (f"form_ii06a_c3@2:{TWO}:2014-Q2", ConfigError, "version 1"), (f"form_ii99_c3@1:{TWO}:2014-Q2", ConfigError, "no form ii99"),
     (f"form_ii06a_c3@1:{TWO}:2014-02", DataError, "the form has no such row; periods are quarters"),
     (f"no_such@1:{TWO}:2014-Q2", ConfigError, "no measure 'no_such@1'")],
)  # fmt: skip
def test_an_id_of_nothing_is_told(built, name, kind, said):
    with pytest.raises(kind, match=said):
        explain_figure(built.config, name)


def test_another_clock_and_another_form_make_the_facts_anew(built):
    """Paused dossiers in column 9; a due date ends with the session; a pause restarts the clock; other sessions."""
    built.load_reference(**reference(form_ii06a_paused="column_9", due_day_ends_at="17:00", pause="restarts",
                                     working_sessions="08:00-12:00 13:00-17:00"))  # fmt: skip
    built.dbt("build", "--select", "+reporting_form_ii06a", "+dossier_period", "+dossier_row", "form_ii06a_adds_up",
              "form_ii06a_carries_over", "--exclude-resource-type", "unit_test", as_of=AS_OF,
              cut=built.cut_id, since=built.cut_id)  # fmt: skip
    assert form(built, TWO, "2014-Q2")[None] == PAUSED_IN_COLUMN_9
    assert cells_that_rows_miss(built, "ii06a")[1] == []
    found = {row[0]: row[1:] for row in built.rows("select dossier_code, timing, due_by, worked_minutes from {s}_facts.fct_dossier")}
    assert found["a due date until its end"] == ("late", instant("01-10 17:00"), 480 * 3)
    assert found["received after hours"][2] == 0
    # eight hours on Friday, one used of them before the pause, all of them again after it: to Monday 17:00, 09:00 + 7 h
    assert found["a due time moves to the end of the day"][1] == instant("01-13 10:00")

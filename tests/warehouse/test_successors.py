"""Sơn La 2025: 204 → 200 (constructed) → 75 communes, districts end on 1 July; every figure by either tree, with equal sums."""

import csv
import json
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cchc.clock import ZONE, end_of_day
from cchc.errors import DataError
from cchc.night.explain_figure import explain_figure
from cchc.release.freeze import Night, freeze_night
from cchc.reports.due import due_periods
from cchc.reports.readback import BODIES as TEXTS
from cchc.reports.readback import differences
from cchc.reports.reading import read_release
from cchc.reports.run import print_report
from cchc.reports.tree import Tree
from cchc.reports.units import has_history
from cchc.warehouse.connect import connect
from dbt_fixture import Row, Warehouse, installation
from house import PROJECT

STEP_1, STEP_2, AS_OF = "2020-01-01", "2025-07-01", date(2025, 12, 31)
SON_LA = PROJECT / "dags/provinces/son-la/reference/unit.csv"
HEAD = ("agency_code", "name_vi", "kind", "level", "block", "parent_code", "valid_from", "valid_to", "successor_codes", "decree",
        "sort_rank", "source")  # fmt: skip
PERIODS = [("2019", "year", "2019-01-01", "2019-12-31"), ("2024", "year", "2024-01-01", "2024-12-31"),
           ("2025", "year", "2025-01-01", "2025-12-31"), ("2025-Q2", "quarter", "2025-04-01", "2025-06-30"),
           ("2025-Q3", "quarter", "2025-07-01", "2025-09-30"), ("2025-Q4", "quarter", "2025-10-01", "2025-12-31")]  # fmt: skip
OF_TODAY = ("2025-Q3", "2025-Q4")  # after the change both trees are one


def _read(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


STEPS = {row["agency_code"]: row for row in _read(Path(__file__).with_name("son_la_2025.csv"))}
BODIES = _read(SON_LA)
NAMES = {row["agency_code"]: row["name_vi"].removeprefix("UBND ") for row in BODIES}
JOINED: dict[str, list[str]] = {}
for code, row in STEPS.items():
    if row["name_2025"]:
        JOINED.setdefault(row["name_2025"], []).append(code)
UNCHANGED = {codes[0] for name, codes in JOINED.items() if len(codes) == 1 and NAMES[codes[0]].casefold() == name.casefold()}
NEW = {name: f"H52.5{place:02d}" for place, name in enumerate(sorted(JOINED)) if JOINED[name][0] not in UNCHANGED}


def _units() -> list[Row]:
    """The tree of 2013 with its ends and successors, and the communes of 2025."""
    rows = [_ended(dict(body)) for body in BODIES]
    fixed = {"kind": "commune", "level": "commune", "block": "", "parent_code": "H52", "valid_from": STEP_2, "valid_to": "",
             "successor_codes": "", "decree": "Nghị quyết số 1681/NQ-UBTVQH15", "source": "Nghị quyết số 1681/NQ-UBTVQH15"}  # fmt: skip
    rows += [{"agency_code": code, "name_vi": f"UBND {name}", "sort_rank": 5000} | fixed for name, code in NEW.items()]
    return [{name: row[name] for name in HEAD} for row in rows]


def _ended(body: Row) -> Row:
    step = STEPS.get(body["agency_code"])
    if body["kind"] == "district":
        return body | {"valid_to": STEP_2, "decree": "Luật số 72/2025/QH15"}  # tasks go to communes and province: no successor is named
    if step is None or body["agency_code"] in UNCHANGED:
        return body
    if step["merged_into"]:
        return body | {"valid_to": STEP_1, "successor_codes": step["merged_into"], "decree": "dựng"}
    return body | {"valid_to": STEP_2, "successor_codes": NEW[step["name_2025"]], "decree": "Nghị quyết số 1681/NQ-UBTVQH15"}


def _dossiers(units: list[Row]) -> list[Row]:
    """Each unit but the province's own receives some in the periods that it lives in, some of them late; districts end with open ones."""
    days = [date(2019, 3, 4), date(2024, 5, 6), date(2025, 2, 3), date(2025, 5, 5), date(2025, 8, 4), date(2025, 10, 6)]
    return [
        _dossier(unit["agency_code"], day, number, late=(place + number) % 4 == 0)
        | ({"finished_at": None} if unit["kind"] == "district" and day.month == 5 and day.year == 2025 else {})
        for place, unit in enumerate(units)
        for day in days
        if unit["kind"] != "province" and unit["valid_from"] <= day.isoformat() < (unit["valid_to"] or "9999")
        for number in range(1 + place % 3)
    ]


def _dossier(unit: str, day: date, number: int, late: bool) -> Row:
    received, due = datetime.combine(day, time(8), ZONE), end_of_day(day + timedelta(7))
    finished = due + timedelta(days=1) if late else due - timedelta(days=1)
    return {"agency_code": unit, "dossier_code": f"{unit}-{day:%y%m%d}-{number}", "channel": "desk", "received_at": received,
            "due_by": due, "finished_at": finished}  # fmt: skip


@pytest.fixture(scope="module")
def built(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """One build as of the end of 2025."""
    with installation(server, tmp_path_factory.mktemp("successors")) as warehouse:
        units = _units()
        days = [date(2019, 1, 1) + timedelta(number) for number in range(2557)]
        warehouse.load_reference(
            unit=units,
            period=[dict(zip(("period_code", "kind", "starts_on", "ends_on"), row, strict=True)) | {"regime": "t", "due_on": row[3]}
                    for row in PERIODS],
            calendar_day=[{"day": day, "is_working": str(day.weekday() < 5).lower(), "name_vi": "", "source": "test"} for day in days],
        )  # fmt: skip
        warehouse.deliver("H52", "dossier_log", _dossiers(units), end_of_day(AS_OF))
        cut = warehouse.cut(end_of_day(AS_OF))
        assert warehouse.build(end_of_day(AS_OF), cut) == []
        warehouse.remember_night(end_of_day(AS_OF), cut)
        yield warehouse


def test_the_tree_of_each_time_has_its_units(built: Warehouse) -> None:
    counted = built.rows("select period_code, kind, count(*) from {s}_measures.unit_period group by 1, 2")
    count = {(period, kind): number for period, kind, number in counted}
    assert [count.get((period, "commune")) for period in ("2019", "2024", "2025-Q4")] == [204, 200, 75]
    assert [count.get((period, "district")) for period in ("2019", "2024", "2025-Q4")] == [12, 12, None]


def test_every_unit_of_any_time_has_its_place_in_todays_tree(built: Warehouse) -> None:
    rows = built.rows("select agency_code, successor_code, attribution from {s}_measures.unit_successor")
    today = {agency: (successor, how) for agency, successor, how in rows}
    assert today["H52.23.07"] == (NEW["Xã Thuận Châu"], "whole")  # two steps: into Thuận Châu town, then into the commune
    assert {today[code] for code in UNCHANGED} == {(code, "same") for code in UNCHANGED}
    assert {today[f"H52.{number}"] for number in range(21, 33)} == {(None, "none")}  # districts
    assert {how for _, how in today.values()} == {"same", "whole", "none"}


@pytest.mark.parametrize("measure", ["received_count", "on_time_rate", "resolved_count", "overdue_pending_count"])
@pytest.mark.parametrize("period", [row[0] for row in PERIODS])
def test_both_trees_have_the_provinces_sum(built: Warehouse, measure: str, period: str) -> None:
    total = built.measure(measure, "H52", period)[:2]
    rows = built.rows("select agency_code, dim, numerator, denominator from {s}_reporting.measure where measure = %s and period_code = %s "
                      "and dim in ('', 'tree=today', 'rest=no_successor,tree=today')", measure, period)  # fmt: skip
    figures = {(agency, dim): (numerator, denominator) for agency, dim, numerator, denominator in rows}
    living = {row[0] for row in built.rows("select agency_code from {s}_measures.unit_successor where attribution = 'same'")} - {"H52"}
    then = [figures[agency, dim] for agency, dim in figures if dim == "" and agency != "H52"]
    today = [figures.get((agency, "tree=today"), figures.get((agency, ""), (0, None))) for agency in living]
    rest = figures.get(("H52", "rest=no_successor,tree=today"), (0, None))
    assert _sum(then) == total
    assert _sum([*today, rest]) == total
    assert total[0] or measure == "overdue_pending_count"
    assert any(dim == "tree=today" for _, dim in figures) == (period not in OF_TODAY)


def _sum(pairs: list[tuple[Decimal, Decimal | None]]) -> tuple[Decimal, Decimal | None]:
    bottoms = [bottom for _, bottom in pairs if bottom is not None]
    return sum((top for top, _ in pairs), Decimal(0)), sum(bottoms, Decimal(0)) if bottoms else None


def test_a_commune_of_today_has_what_its_predecessors_had(built: Warehouse) -> None:
    name = "Xã Thuận Châu"
    parts = [*JOINED[name], *(code for code, row in STEPS.items() if row["merged_into"] in JOINED[name])]
    assert "H52.23.07" in parts
    had: dict[str, Any] = {code: built.measure("received_count", code, "2019")[0] for code in parts}
    assert built.measure("received_count", NEW[name], "2019", "tree=today") == (sum(had.values()), None, "A")
    assert built.rows("select 1 from {s}_reporting.measure where agency_code = %s and period_code = '2019' and dim = ''", NEW[name]) == []


def test_the_districts_figures_are_a_rest_of_the_province(built: Warehouse) -> None:
    districts = sum(built.measure("received_count", f"H52.{number}", "2024")[0] or 0 for number in range(21, 33))
    assert built.measure("received_count", "H52", "2024", "rest=no_successor,tree=today")[0] == districts > 0


@pytest.mark.parametrize("period", [row[0] for row in PERIODS])
def test_the_provinces_levels_and_the_rest_add_up_by_todays_tree_in_figures_and_forms(built: Warehouse, period: str) -> None:
    """Both are there when any unit of the period was merged or has ended; a district's level is gone by today."""
    for query in (
        "select dim, numerator from {s}_reporting.measure where measure = 'received_count' and agency_code = 'H52' and period_code = %s",
        "select dim, c3 from {s}_reporting.form_ii06a where agency_code = 'H52' and period_code = %s",
    ):
        told = dict(built.rows(query, period))
        today = {
            dim.removesuffix(",tree=today"): number for dim, number in told.items() if dim.endswith("tree=today") and "channel" not in dim
        }
        assert sorted(today) == ([] if period in OF_TODAY else ["level=commune", "level=province", "rest=no_successor"])
        assert not today or sum(today.values()) == told[""] > 0


def test_a_form_by_todays_tree_has_the_sums_of_the_predecessors(built: Warehouse) -> None:
    rows = built.rows(
        "select agency_code, dim, c3, c8, c10 from {s}_reporting.form_ii06a where period_code = '2019' and dim in ('', 'tree=today')"
    )
    form = {(agency, dim): counts for agency, dim, *counts in rows}
    places = built.rows("select agency_code, successor_code from {s}_measures.unit_successor where attribution = 'whole'")
    assert len({successor for _, successor in places}) > 60
    for successor in {successor for _, successor in places}:
        had = [form[agency, ""] for agency, into in places if into == successor and (agency, "") in form]
        own = [form[successor, ""]] if (successor, "") in form else []
        assert form[successor, "tree=today"] == [sum(column) for column in zip(*had, *own, strict=True)]


@pytest.fixture(scope="module")
def released(built: Warehouse) -> str:
    """The night's release."""
    night_id, cut_id = built.rows("select night_id, cut_id from ops.night")[0]
    return freeze_night(built.config, Night(night_id, cut_id, built.config.province.name, end_of_day(AS_OF)), built.schema, [])


@pytest.fixture(scope="module")
def printed(built: Warehouse, released: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Path]]:
    """The report of 2024 by either tree, by format."""
    folder = tmp_path_factory.mktemp("trees")
    return {tree: {path.suffix[1:]: path for path in print_report(built.config, "2024", out=folder, tree=Tree(tree))}
            for tree in ("then", "today")}  # fmt: skip


def test_a_report_by_todays_tree_has_todays_units_with_the_same_sum(built: Warehouse, printed: dict[str, dict[str, Path]]) -> None:
    """Four formats alike; received dossiers of all units and the rest are the province's, by either tree."""
    total = built.measure("received_count", "H52", "2024")[0]
    for tree, files in printed.items():
        assert differences(files.values()) == []
        document = json.loads(files["json"].read_bytes())
        cells = [one for one in document["figures"] if one["measure"] == "form_ii06a_c3"]
        form = [one for one in cells if one["unit"] != "H52" or "rest" in one["dim"]]
        assert sum(int(one["value"]) for one in form) == total
        assert ("H52.21" in {one["unit"] for one in form}) == (tree == "then")
        assert all(one["figure"].endswith(":tree=today") for one in form if one["unit"] in NEW.values())
        assert len({one["unit"] for one in form} & set(NEW.values())) == (len(NEW) if tree == "today" else 0)
        assert document.get("tree") == (None if tree == "then" else "today")


def test_a_report_says_on_its_face_which_tree_it_shows(printed: dict[str, dict[str, Path]]) -> None:
    said = {"then": "Số liệu theo đơn vị hành chính tại thời điểm của kỳ báo cáo.",
            "today": "Số liệu theo đơn vị hành chính hiện nay (tại ngày 31/12/2025): số liệu của đơn vị đã sắp xếp được tính cho đơn vị kế"
                     " thừa"}  # fmt: skip
    for tree, files in printed.items():
        for name, read in TEXTS.items():
            text = read(files[name].read_bytes())
            assert [other for other, words in said.items() if re.sub(r"\s+", "", words) in text] == [tree], (tree, name)
        head = json.loads(files["json"].read_bytes())["document"]["head"]
        assert ("(số liệu theo đơn vị hành chính hiện nay)" in head["subject"]) == (tree == "today")
        assert said[tree][:60].removesuffix(".").split(" (")[0][1:] in head["opening"]
    assert printed["today"]["pdf"].name == "bao-cao-2024-don-vi-hien-nay.pdf"


def test_the_same_tree_gives_the_same_bytes_and_is_no_draft_of_the_other(
    built: Warehouse, printed: dict[str, dict[str, Path]], tmp_path: Path
) -> None:
    before = {tree: {name: path.read_bytes() for name, path in files.items()} for tree, files in printed.items()}
    for tree in Tree:
        again = print_report(built.config, "2024", out=tmp_path, tree=tree, formats=("docx", "json"))
        assert {path.suffix[1:]: path.read_bytes() for path in again}.items() <= before[tree].items()
    kept = built.rows("select tree, count(*) from release.draft where period_code = '2024' group by 1 order by 1")
    assert kept == [("then", 4), ("today", 4)]
    print_report(built.config, "2025", out=tmp_path, tree=Tree.TODAY, formats=("json",))
    assert [job["period"] for job in due_periods(built.config)] == ["2025", "2025-Q4"], (
        "a draft by today's tree is not the one that is owed"
    )


def test_a_communes_own_report_by_todays_tree(built: Warehouse, released: str, tmp_path: Path) -> None:
    """Its sectors, its figures and its predecessors' names; one that has ended is told where to look."""
    unit = NEW["Xã Thuận Châu"]
    files = print_report(built.config, "2019", unit, out=tmp_path, tree=Tree.TODAY)
    assert differences(files) == []
    document = json.loads(next(path for path in files if path.suffix == ".json").read_bytes())
    told = {one["figure"]: one["value"] for one in document["figures"]}
    assert told[f"received_count@1:{unit}:2019:tree=today"] == told[f"form_ii06a_c4@1:{unit}:2019:tree=today"] or int(
        told[f"form_ii06a_c5@1:{unit}:2019:tree=today"]
    ) == int(told[f"received_count@1:{unit}:2019:tree=today"])
    with pytest.raises(DataError, match=f"H52.23.07 is not one of today's.*under {re.escape(unit)}: ask for that with --scope"):
        print_report(built.config, "2019", "H52.23.07", out=tmp_path, tree=Tree.TODAY)
    with pytest.raises(DataError, match="no successor is named, or print --tree then"):
        print_report(built.config, "2019", "H52.21", out=tmp_path, tree=Tree.TODAY)


OLD = """insert into release.manifest select 'old.1', province, as_of, cut_id, 99, provisional, reference_hash, 'x',
    jsonb_set(notes, '{units}', (select jsonb_object_agg(key, value - array['today_how', 'today_code', 'valid_to', 'valid_from'])
                                 from jsonb_each(notes -> 'units'))), signature, created_at
  from release.manifest where release_id = %(from)s"""


def test_a_release_from_before_names_the_way_out(built: Warehouse, released: str, tmp_path: Path) -> None:
    release = read_release(built.config.province.name, "2019", released, Tree.TODAY)
    assert has_history(release)
    with connect("cchc_transformer") as connection:
        connection.execute(OLD, {"from": released})
        connection.execute("insert into release.manifest_partition select 'old.1', partition_id from release.manifest_partition "
                           "where release_id = %s", (released,))  # fmt: skip
    with pytest.raises(DataError, match=r"old\.1 was frozen before .* \(--tree then\), or freeze a new release: `cchc run nightly`"):
        print_report(built.config, "2019", release_id="old.1", out=tmp_path, tree=Tree.TODAY)
    assert print_report(built.config, "2019", release_id="old.1", out=tmp_path, formats=("json",))


@pytest.mark.parametrize("name", ["received_count@1:{new}:2019:tree=today", "on_time_rate@1:{new}:2019:tree=today",
                                  "received_count@1:H52:2024:rest=no_successor,tree=today", "form_ii06a_c8@1:{new}:2019:tree=today",
                                  "received_count@1:H52:2024:level=commune,tree=today", "form_ii06a_c3@1:H52:2024:level=commune,tree=today",
                                  "form_ii06a_c7@1:H52:2024:rest=no_successor,tree=today"])  # fmt: skip
def test_figures_by_todays_tree_are_explained_by_the_rows_of_the_predecessors(built: Warehouse, name: str) -> None:
    told = explain_figure(built.config, name.format(new=NEW["Xã Thuận Châu"]))
    assert told.adds_up and told.figure["value"] > 0
    assert len({row["agency_code"] for row in told.rows}) > 1

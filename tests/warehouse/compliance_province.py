"""A province that all five directives bind, with hand-made deliveries up to 10 December 2016; the cases stand in compliance_cases.csv.

P = the province, NV = Sở Nội vụ, TC = Sở Tài chính, TP = Sở Tư pháp (has a sender of its own that never sends dossiers and tasks),
DH = UBND huyện Đức Hòa, XA = a commune.
"""

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from cchc.contracts import contract
from cchc.province.obligations import COLUMNS, UNIT_COLUMNS, duties_of, named_in
from cchc.province.tables import template
from cchc.settings import PROJECT, Settings
from province import write_csv, write_reference

P, NV, TC, TP, DH, XA = "X01", "X01.01", "X01.02", "X01.03", "X01.30", "X01.30.01"
CATALOGUE = PROJECT / "dbt_project/seeds/measure.csv"
ALL_FIVE = ["SL-152", "LA", "KT-05", "HY-09", "AG-1319"]
UNITS = [
    (P, "Tỉnh Thử nghiệm", "province", "province", "", "", 0), (NV, "Sở Nội vụ", "department", "province", "department", P, 1),
    (TC, "Sở Tài chính", "department", "province", "department", P, 2), (TP, "Sở Tư pháp", "department", "province", "department", P, 3),
    (DH, "UBND huyện Đức Hòa", "district", "district", "district", P, 30), (XA, "UBND xã Một", "commune", "commune", "", DH, 31),
]  # fmt: skip
UNIT_HEADER = ("agency_code", "name_vi", "kind", "level", "block", "parent_code", "sort_rank")
OWN_FROM = "2015-01-01"

# TN: a directive of the test's own, for what no made measure of the five asks yet
OWN_DUTIES = [
    {"obligation": "T-01", "measure": "on_time_rate", "applies_to": "agency", "target_kind": "trend", "direction": "rising"},
    {"obligation": "T-02", "measure": "received_count", "applies_to": "agency", "target_kind": "trend", "direction": "rising"},
    {"obligation": "T-03", "measure": "headcount", "applies_to": "agency", "target_kind": "by_plan"},
    {"obligation": "T-04", "measure": "plan_completion_rate", "applies_to": "province", "target_kind": "by_plan",
     "target_rule": "programme_time"},
    {"obligation": "T-05", "measure": "headcount", "applies_to": "agency", "target": "1", "target_kind": "at_least",
     "direction": "falling"},
    {"obligation": "T-06", "measure": "overdue_pending_count", "applies_to": "list", "target_kind": "zero"},
    {"obligation": "T-07", "measure": "headcount", "applies_to": "block:district", "target_kind": "information"},
    {"obligation": "T-08", "measure": "headcount", "applies_to": "inspected", "target_kind": "information"},
    {"obligation": "T-09", "measure": "received_count", "applies_to": "department", "target": "1", "target_kind": "at_least",
     "valid_from": "2016-07-01"},
    {"obligation": "T-10", "measure": "apology_rate_of_2030", "applies_to": "agency", "target": "1", "target_kind": "at_least",
     "awaits_measure": "true"},
]  # fmt: skip
TARGETS = [
    {"agency_code": NV, "obligation": "T-03", "measure": "headcount", "period_code": "2016-Q3", "target": "2"},
    {"agency_code": "", "obligation": "T-03", "measure": "headcount", "period_code": "2016-Q3", "target": "1"},
]


def _dossier(unit: str, code: str, received: str, due: str, finished: str = "", **more: str) -> dict[str, str]:
    row = {"agency_code": unit, "dossier_code": code, "channel": "desk", "received_at": f"{received}T08:00", "due_at": due}
    return row | {"finished_at": f"{finished}T10:00" if finished else ""} | more


def _task(unit: str, year: str, code: str, finished: str = "", excused: str = "", **more: str) -> dict[str, str]:
    row = {"agency_code": unit, "plan_year": year, "task_code": code, "plan_kind": "par", "title": "Việc", "finished_on": finished}
    return row | {"excused_reason": excused} | more


PROGRAMME = {"plan_kind": "programme", "programme_code": "P2016-2020", "programme_to_year": "2020"}


FEEDS: dict[str, list[dict[str, str]]] = {
    "dossier_log": [
        _dossier(NV, "E1", "2015-07-01", "2015-07-10", "2015-07-12"),  # late
        _dossier(NV, "E2", "2015-08-01", "2015-08-20", "2015-08-15"),
        _dossier(NV, "D1", "2016-07-01", "2016-07-20", "2016-07-15", fee_due="50000", fee_collected="60000"),
        _dossier(NV, "D2", "2016-07-05", "2016-08-01", "2016-08-10"),  # late, no apology
        _dossier(NV, "D3", "2016-09-01", "2016-09-20", "2016-09-20"),
        _dossier(NV, "D4", "2016-09-02", "2016-09-30", "2016-09-29"),
        _dossier(TC, "F0", "2015-07-01", "2015-07-10", "2015-07-09"),
        _dossier(TC, "F1", "2016-07-01", "2016-07-20", "2016-07-15", fee_due="100000", fee_collected="100000"),
        _dossier(TC, "G1", "2016-11-01", "2016-11-21", "2016-11-22", apology_on="2016-11-22"),  # late
        _dossier(TC, "G2", "2016-11-02", "2016-11-25", "2016-11-24"),
        _dossier(DH, "H0", "2015-07-01", "2015-07-10", "2015-07-09"),
        _dossier(DH, "H1", "2016-11-20", "2016-12-06"),  # overdue from 7 December
        _dossier(XA, "K1", "2016-08-01", "2016-08-10", "2016-08-09"),
    ],
    "plan_task": [
        _task(NV, "2015", "1", "2015-11-10"), _task(NV, "2015", "2", "2015-12-31"), _task(TC, "2015", "1", "2015-06-01"),
        _task(TC, "2015", "2"), _task(NV, "2016", "1", "2016-05-02"), _task(NV, "2016", "2", "2016-06-30"),
        _task(NV, "2016", "3", "2016-09-20"), _task(NV, "2016", "4"), _task(NV, "2016", "5", excused="Chờ văn bản của trung ương"),
        _task(TC, "2016", "1"),
        *(_task(NV, "2016", f"CT{number}", "2016-08-31" if number < 2 else "", **PROGRAMME) for number in range(10)),
        _task(NV, "2016", "G1", plan_kind="assigned", due_on="2016-06-30", lead_code=TC),
    ],
    "staff": [
        {"agency_code": unit, "staff_id": code, "kind": "civil_servant", "in_post_from": "2010-01-01"}
        for unit, code in ((NV, "a"), (NV, "b"), (DH, "c"))
    ],
    "survey_response": [
        {"agency_code": NV, "response_id": code, "survey_code": "KS", "respondent_group": "citizen", "answered_on": "2015-10-01",
         "overall": word}
        for code, word in (("1", "satisfied"), ("2", "satisfied"), ("3", "very_satisfied"), ("4", "neutral"))
    ],
    "organisation": [
        {"agency_code": NV, "one_stop_since": "2015-01-01"}, {"agency_code": TC, "one_stop_since": "2015-01-01"},
        {"agency_code": TP, "one_stop_since": "2015-01-01"}, {"agency_code": XA, "one_stop_since": "2016-01-01"},
        {"agency_code": DH, "one_stop_since": "2015-01-01", "modern_one_stop_listed": "true", "modern_one_stop_live_on": "2015-02-01"},
    ],
    "procedure_catalogue": [
        {"agency_code": unit, "procedure_code": code, "name": "Thủ tục", "one_stop": told, "in_force_from": "2010-01-01"}
        for unit, code, told in ((NV, "1.000001", "true"), (NV, "1.000002", "false"), (TC, "1.000003", "true"))
    ],
    "inspection": [
        {"agency_code": NV, "inspection_code": "KT", "item_no": "0", "record": "visit", "kind": "planned", "done_on": "2016-05-10"},
        {"agency_code": NV, "inspection_code": "KT", "item_no": "1", "record": "finding", "found_on": "2016-05-10"},
        {"agency_code": TC, "inspection_code": "KT", "item_no": "0", "record": "visit", "kind": "planned", "done_on": "2016-05-11"},
    ],
}  # fmt: skip
SENDER = "sender: {unit}\nsynthetic: true\nsources:\n"
SOURCE = """\
  {name}:
    feed: {feed}
    contract: {version}
    every: month
    required: false
    connect: {{kind: file_drop, glob: "{folder}/*/{feed}.csv", arrived: "([0-9-]{{10}})"}}
    read: {{kind: csv}}
"""
ARRIVED = "2016-12-10"


def make_province(config: Settings) -> None:
    """The province's folder, bound by all five directives and by TN, and what its senders left."""
    write_reference(config.province, range(2013, 2018), go_live_on="2016-07-01")
    folder = config.province / "reference"
    write_csv(folder / "unit.csv", [*UNIT_HEADER, "valid_from", "source"], [[*row, "2000-01-01", "test"] for row in UNITS])
    _add_periods(folder / "period.csv")
    bind(config, [*ALL_FIVE, "TN"])
    duties = named_in(duties_of(ALL_FIVE, CATALOGUE), [{"agency_code": row[0], "name_vi": row[1]} for row in UNITS])
    _write(folder / "obligation.csv", COLUMNS, duties.obligations + _own_duties())
    named = {"agency_code": TC, "obligation": "T-06", "directive": "TN", "valid_from": "2016-01-01", "valid_to": "2016-07-01"}
    _write(folder / "obligation_unit.csv", UNIT_COLUMNS, [*duties.units, named])
    columns = ("agency_code", "obligation", "directive", "measure", "period_code", "target", "source")
    _write(folder / "obligation_target.csv", columns, [row | {"directive": "TN", "source": "Kế hoạch của phép thử"} for row in TARGETS])
    write_csv(
        folder / "delivery_calendar.csv",
        ["feed", "period_kind", "applies_to", "due_working_days", "accept_working_days", "valid_from", "constructed", "source"],
        [["dossier_log", "month", "agency", 5, 10, "2016-07-01", "true", "test"]],
    )
    _send(config, "tinh", P, FEEDS)
    _send(config, "so-tu-phap", TP, {"dossier_log": [], "plan_task": []})


def bind(config: Settings, directives: list[str]) -> None:
    """Which directives bind the province; the duties of all of them stand in its folder whether they bind or not."""
    known = [*template("directive")[1], {"directive": "TN", "title_vi": "Văn bản của phép thử", "valid_from": OWN_FROM, "valid_to": ""}]
    columns = ("directive", "title_vi", "valid_from", "valid_to")
    _write(config.province / "reference/directive.csv", columns, [row for row in known if row["directive"] in directives])


def all_duties() -> dict[str, set[str]]:
    """The duties that each directive asks, of those that the product comes with."""
    rows = template("obligation")[1]
    return {name: {row["obligation"] for row in rows if row["directive"] == name} for name in ALL_FIVE}


def _own_duties() -> list[dict[str, Any]]:
    filled = {"directive": "TN", "duty_vi": "Nhiệm vụ thử", "periods": "month quarter", "valid_from": OWN_FROM}
    rows = [dict.fromkeys(COLUMNS, "") | filled | {"clause": f"§{place}"} | row for place, row in enumerate(OWN_DUTIES, 1)]
    return [row | {"periods": "quarter"} if row["measure"] in ("headcount", "plan_completion_rate") else row for row in rows]


def _add_periods(path: Path) -> None:
    """The programme, and the days of two months."""
    days = [date(2016, 11, 1) + timedelta(number) for number in range(61)]
    with open(path, "a", encoding="utf-8", newline="") as file:
        write = csv.writer(file).writerow
        write(["P2016-2020", "programme", "programme", "2016-01-01", "2020-12-31", "2021-01-06"])
        for day in days:
            write([day, "day", "calendar-test", day, day, day])


def _write(path: Path, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    write_csv(path, list(columns), [[row[name] for name in columns] for row in rows])


def _send(config: Settings, name: str, unit: str, feeds: dict[str, list[dict[str, str]]]) -> None:
    text = SENDER.format(unit=unit)
    for feed, rows in feeds.items():
        agreed = contract(feed)
        text += SOURCE.format(name=feed.replace("_", "-"), feed=feed, version=agreed.version, folder=name)
        if rows:
            columns = list(dict.fromkeys(column for row in rows for column in row))
            header = [agreed.columns[column].vi for column in columns]
            write_csv(config.inbox_path / name / ARRIVED / f"{feed}.csv", header, [[row.get(c, "") for c in columns] for row in rows])
    (config.province / "sources").mkdir(exist_ok=True)
    (config.province / f"sources/{name}.yaml").write_text(text, encoding="utf-8")

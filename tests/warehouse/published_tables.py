"""The published tables (shared, domain/published) as deliveries of a small province: sources and files made from them.

The places of others are mapped onto units of the small province; names of provinces stay as whom a line speaks of.
Beside them one department's own registers and reports, made up, so that every side of the ledger has something to say.
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from cchc.contracts import contract
from cchc.settings import Settings
from house import PROJECT, shared_file
from province import write_csv, write_reference

ARRIVED = "2024-12-31"
PERIODS = {
    "2012": ("2012-01-01", "2012-12-31"), "2019": ("2019-01-01", "2019-12-31"), "2020": ("2020-01-01", "2020-12-31"),
    "2021-H1": ("2021-01-01", "2021-06-30"), "2021-Q3": ("2021-07-01", "2021-09-30"), "2021-08": ("2021-07-21", "2021-08-20"),
    "2021-09": ("2021-09-01", "2021-09-30"), "2022-H1": ("2022-01-01", "2022-06-30"), "2023": ("2023-01-01", "2023-12-31"),
    "2024-Q1": ("2024-01-01", "2024-03-31"), "2024-07": ("2024-07-01", "2024-07-31"), "2024": ("2024-01-01", "2024-12-31"),
}  # fmt: skip
KINDS = {"Q": "quarter", "H": "half"}
LAM_DONG = {
    "received": "total_count", "resolved": "resolved_count", "early_or_on_time": "early_or_on_time", "on_time_pct": "on_time_rate",
    "late": "late", "late_pct": "late_rate", "pending": "pending_count", "pending_in_time": "pending_in_time",
    "pending_overdue": "overdue_pending_count",
}  # fmt: skip
VINH_PHUC = {
    "new_in_period": "received_count", "carried_over": "carried_over_count", "total": "total_count", "due": "due_count",
    "early_or_on_time": "early_or_on_time", "on_time_pct": "on_time_of_due", "late_incl_overdue_pending": "late",
    "late_pct": "late_of_due", "returned_withdrawn": "returned_count", "returned_pct": "returned_of_due", "online": "online_count",
    "online_part1": "online_partial", "online_part2": "online_full",
}  # fmt: skip
LAM_DONG_PERIODS = {"Q1/2024": "2024-Q1", "6T/2022": "2022-H1", "6T/2021": "2021-H1", "7T/2024": "2024-07", "2019": "2019"}
LAM_DONG_SCOPES = {
    "toàn tỉnh": ("X01", ""), "sở, ban, ngành": ("X01", "|level=province"), "UBND cấp huyện": ("X01", "|level=district"),
    "UBND cấp xã": ("X01", "|level=commune"), "Sở TN&MT": ("X01.02", ""),
}  # fmt: skip
VINH_PHUC_PERIODS = {"tháng 9/2021 (Trung tâm PVHCC)": "2021-09", "quý III/2021 (Trung tâm PVHCC)": "2021-Q3",
                     "21/7-20/8/2021 (huyện + xã)": "2021-08"}  # fmt: skip
SOURCE = """\
  {feed}:
    feed: {feed}
    contract: {version}
    every: {every}
    required: false
    due_precision: time
    connect: {{kind: file_drop, glob: "{folder}/*/{feed}.csv", arrived: "([0-9-]{{10}})"}}
    read: {{kind: csv}}
"""
DISTRICT_TOLD = {"received_count": 5, "received_count|level=district": 3, "received_count|level=commune": 3}  # the last is wrong
SMALL = "headcount|kind=civil_servant"  # three people: kept back in print
Row = dict[str, Any]


def published(name: str) -> Iterator[dict[str, str]]:
    """The lines of one published table, as printed."""
    with open(shared_file(f"../domain/published/{name}.csv"), encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def make_published_province(config: Settings) -> None:
    """Reference data, senders and their files."""
    _reference(config.province)
    rows = {"report_submission": [*lam_dong(), *vinh_phuc(), *own_reports()], "national_index": [*par_2020(), *par_2012(), *thanh_hoa()],
            "survey_round": [survey("citizen", 6, 3), survey("business", 2, 2)],
            "staff_quota": [{"agency_code": "X01.02", "period": "2024", "kind": "one_stop_desk", "quota": 4}]}  # fmt: skip
    _send(config, "so-noi-vu", "X01", rows)
    _send(
        config,
        "so-hai",
        "X01.02",
        {"dossier_log": dossiers(), "staff": people("X01.02", 3), "organisation": [shop("X01.02", "2010-01-01")]},
    )
    _send(config, "huyen-ba", "X01.30", {"dossier_log": [*waiting("X01.30", 3), *waiting("X01.30.01", 2)]})
    _send(config, "so-mot", "X01.01", {"staff": people("X01.01", 2), "organisation": [shop("X01.01", "")]})


def _reference(folder: Path) -> None:
    """The small province with the product's own comparisons, and the few periods that the tables speak of."""
    write_reference(folder)
    spans = [(code, KINDS.get(code[5:6], "month" if "-" in code else "year"), "test", *span, span[1]) for code, span in PERIODS.items()]
    write_csv(folder / "reference/period.csv", ["period_code", "kind", "regime", "starts_on", "ends_on", "due_on"], spans)
    days = [date(2012, 1, 1) + timedelta(days=n) for n in range(366 * 13)]
    calendar = [[day, "true" if day.weekday() < 5 else "false", "", "test"] for day in days]
    write_csv(folder / "reference/calendar_day.csv", ["day", "is_working", "name_vi", "source"], calendar)
    checks = PROJECT / "plugins/cchc/province/templates/reconciliation_check.csv"
    (folder / "reference/reconciliation_check.csv").write_bytes(checks.read_bytes())


def _send(config: Settings, folder: str, unit: str, files: dict[str, list[Row]]) -> None:
    text = f"sender: {unit}\nsynthetic: true\nsources:\n"
    for feed, rows in files.items():
        agreed = contract(feed)
        every = {"dossier_log": "month", "staff": "quarter", "report_submission": "quarter", "organisation": "half"}.get(feed, "year")
        text += SOURCE.format(feed=feed, version=agreed.version, every=every, folder=folder)
        names = list(dict.fromkeys(name for row in rows for name in row))
        lines = [[row.get(name, "") for name in names] for row in rows]
        write_csv(config.inbox_path / folder / ARRIVED / f"{feed}.csv", [agreed.columns[name].vi for name in names], lines)
    (config.province / "sources").mkdir(exist_ok=True)
    (config.province / f"sources/{folder}.yaml").write_text(text, encoding="utf-8")


def figure(agency: str, period: str, book: str, code: str, value: Any, kind: str = "publication") -> Row:
    """One figure's line; `value` as printed, its comma in the note."""
    return {"agency_code": agency, "period": period, "report_code": book, "line_code": code, "report_kind": kind, "value": value,
            "value_note": str(value).replace(".", ",")}  # fmt: skip


def lam_dong() -> Iterator[Row]:
    """Rates on what was resolved."""
    for line in published("dossiers_lam_dong_other"):
        agency, dim = LAM_DONG_SCOPES[line["scope"]]
        for column, code in LAM_DONG.items():
            if line[column]:
                yield figure(agency, LAM_DONG_PERIODS[line["period"]], "LAM-DONG", code + dim, line[column])


def vinh_phuc() -> Iterator[Row]:
    """Rates on what fell due."""
    for line in published("dossiers_vinh_phuc_2021"):
        for column, code in VINH_PHUC.items():
            if line[column]:
                yield figure("X01.01", VINH_PHUC_PERIODS[line["period"]], "VINH-PHUC", code, line[column])


def index_line(period: str, index: str, subject: str, criterion: str, points: str, **more: Any) -> Row:
    """One line of an announced index."""
    return {
        "agency_code": "X01",
        "period": period,
        "index_code": index,
        "subject": subject,
        "criterion": criterion,
        "points": points,
    } | more


def par_2020() -> Iterator[Row]:
    for line in published("par_index_2020_top10"):
        parts = {"verified": "verified_score", "sipas": "sipas", "leader_survey": "leader_survey", "impact": "socioeconomic_impact"}
        for criterion, column in parts.items():
            yield index_line("2020", "PAR-INDEX", line["province"], criterion, line[column])
        yield index_line("2020", "PAR-INDEX", line["province"], "total", line["total"], rank=line["rank"])


def par_2012() -> Iterator[Row]:
    for line in published("par_index_provinces_2012_top19"):
        columns = {"points_verified": line["score_moha"], "points_survey": line["score_survey"], "rank": line["rank"]}
        yield index_line("2012", "PAR-INDEX", line["province"], "total", line["par_index"], **columns)


def thanh_hoa() -> Iterator[Row]:
    """The applicable maximum is 100, of one agency 84 (published/README.md)."""
    for line in published("thanh_hoa_2023"):
        most = "84" if line["agency"] == "Ban Dân tộc" else "100"
        index = f"THANH-HOA-{line['block']}"
        yield index_line("2023", index, line["agency"], "total", line["score"], points_max=most, rank=line["rank"])
        yield index_line("2023", index, line["agency"], "index_percent", line["index_pct"])


# ---- one department's own -------------------------------------------------------------------------------------------


def dossiers() -> list[Row]:
    """Ten received in the first quarter: seven resolved in time, one late, two open, one of them overdue."""
    rows = []
    for number in range(10):
        finished = "" if number > 7 else "2024-02-20T09:00" if number == 7 else "2024-02-01T09:00"
        due = "2024-12-30T17:00" if number == 9 else "2024-02-10T17:00"
        rows.append({"agency_code": "X01.02", "dossier_code": f"A-{number}", "channel": "online" if number < 4 else "desk",
                     "received_at": "2024-01-15T08:00", "due_at": due, "finished_at": finished,
                     "updated_at": "2024-03-01T08:00"})  # fmt: skip
    return rows


def waiting(unit: str, count: int) -> list[Row]:
    """So many dossiers received in Q1/2024 and not due yet."""
    return [{"agency_code": unit, "dossier_code": f"{unit}-{n}", "channel": "desk", "received_at": "2024-03-15T08:00",
             "due_at": "2025-02-10T17:00", "finished_at": "", "updated_at": "2024-03-15T08:00"} for n in range(count)]  # fmt: skip


def own_reports() -> Iterator[Row]:
    """One report with a wrong figure, one form that lacks a column, one of a department that sends no dossiers."""
    head = {"line_code": "report", "due_on": "2024-04-05", "received_at": "2024-04-03T09:00", "signer_role": "head"}
    reports = (("X01.02", "BC-CCHC"), ("X01.02", "II.06a"), ("X01.01", "BC-CCHC"), ("X01.30", "BC-CCHC"))
    for agency, book in reports:
        kind = "form_06a" if book == "II.06a" else "periodic"
        yield figure(agency, "2024-Q1", book, "report", "", kind) | head
    told = {"received_count": 10, "resolved_count": 9, "on_time_rate": 87.5, "received_count|channel=online": 4, SMALL: 4}
    for code, value in told.items():
        yield figure("X01.02", "2024-Q1", "BC-CCHC", code, value, "periodic")
    for column, value in {3: 10, 4: 4, 5: 6, 6: 0, 7: 8, 11: 2}.items():
        yield figure("X01.02", "2024-Q1", "II.06a", f"II.06a:{column}", value, "form_06a")
    yield figure("X01.01", "2024-Q1", "BC-CCHC", "received_count", 5, "periodic")
    for code, value in DISTRICT_TOLD.items():
        yield figure("X01.30", "2024-Q1", "BC-CCHC", code, value, "periodic")


def survey(group: str, population: int, returned: int) -> Row:
    """A round of 2024."""
    return {"agency_code": "X01.02", "period": "2024", "survey_code": "KS-2024", "respondent_group": group, "population": population,
            "forms_sent": population, "forms_returned": returned}  # fmt: skip


def people(unit: str, count: int) -> list[Row]:
    """So many at the desk."""
    return [{"agency_code": unit, "staff_id": f"{unit}-{n}", "kind": "civil_servant", "in_post_from": "2012-01-01",
             "at_one_stop": "true", "qualification_fits": "true", "one_stop_trained_on": "2012-06-01"} for n in range(count)]  # fmt: skip


def shop(unit: str, since: str) -> Row:
    """A unit's one-stop shop."""
    return {"agency_code": unit, "one_stop_since": since}

"""A small province folder for tests: a province, departments, a district with communes, a calendar and periods."""

import csv
from datetime import date, timedelta
from pathlib import Path

UNITS = [
    ("X01", "Tỉnh Thử nghiệm", "province", "province", "", "", 0),
    ("X01.01", "Sở Một", "department", "province", "department", "X01", 1),
    ("X01.02", "Sở Hai", "department", "province", "department", "X01", 2),
    ("X01.30", "Huyện Ba", "district", "district", "district", "X01", 30),
    ("X01.30.01", "Xã Ba Một", "commune", "commune", "", "X01.30", 31),
]
UNIT_HEADER = ["agency_code", "name_vi", "kind", "level", "block", "parent_code", "sort_rank", "valid_from", "source"]


ONE_SENDER = """
sender: X01.01
synthetic: true
schedule: "15 20 * * *"
sources:
  organisation:
    feed: organisation
    contract: 1
    every: half
    required: true
    connect: {kind: file_drop, glob: "so-mot/**/organisation_*.csv", arrived: '(\\d{4}-\\d{2}-\\d{2}T\\d{4})'}
    read: {kind: csv}
"""


def write_reference(folder: Path, years: range = range(2011, 2014), prefix: str = "X01", **settings: str) -> None:
    """Write reference/*.csv under a province folder; `prefix` replaces X01 in all unit codes."""
    units = [[value.replace("X01", prefix) if isinstance(value, str) else value for value in row] for row in UNITS]
    tables: dict[str, tuple[list[str], list]] = {
        "unit": (UNIT_HEADER, [[*row, "2000-01-01", "test"] for row in units]),
        "calendar_day": (["day", "is_working", "name_vi", "source"], list(_days(years))),
        "period": (["period_code", "kind", "regime", "starts_on", "ends_on", "due_on"], list(_periods(years))),
        "directive": (["directive", "title_vi", "valid_from"], []),
        "obligation": (["obligation", "directive", "clause", "duty_vi", "measure", "applies_to", "target", "target_kind", "periods",
                        "valid_from"], []),
        "criterion": (["framework", "version", "code", "parent", "title_vi", "points", "scored_by", "measure", "rule", "parameters",
                       "empty_result", "verifier", "block", "year_from", "constructed"], []),
        "grade": (["framework", "version", "block", "grade_vi", "lower_bound"], []),
        "contact": (["role", "name_vi", "email"], [["operator", "Trực vận hành", "truc@example.invalid"]]),
        "delivery_calendar": (["feed", "period_kind", "applies_to", "open_working_days", "due_working_days", "accept_working_days",
                               "valid_from", "constructed", "source"], []),
        "delivery_exception": (["agency_code", "feed", "period_code", "kind", "until", "decided_by", "reason"], []),
        "known_issue": (["what", "owner", "until", "reason"], []),
        "user_scope": (["agency_code", "user_name", "role", "valid_from"], []),
        "setting": (["name", "value"], list(({"synthetic": "true", "province_name_vi": "Thử nghiệm"} | settings).items())),
    }  # fmt: skip
    for name, (header, rows) in tables.items():
        write_csv(folder / "reference" / f"{name}.csv", header, rows)


def write_csv(path: Path, header: list[str], rows: list) -> None:
    """Write one UTF-8 CSV, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def _days(years: range) -> list[list]:
    first, last = date(years.start, 1, 1), date(years.stop, 1, 1)
    days = [first + timedelta(days=n) for n in range((last - first).days)]
    return [[day, "false" if day.weekday() > 4 else "true", "", "test"] for day in days]


def _periods(years: range) -> list[list]:
    rows = []
    for year in years:
        spans = [(f"{year}-{m:02d}", "month", m, m) for m in range(1, 13)] + [(f"{year}", "year", 1, 12), (f"{year}-H1", "half", 1, 6)]
        spans += [(f"{year}-Q{q}", "quarter", 3 * q - 2, 3 * q) for q in range(1, 5)]
        for code, kind, first, last in spans:
            end = date(year + last // 12, last % 12 + 1, 1) - timedelta(days=1)
            rows.append([code, kind, "calendar-test", date(year, first, 1), end, end + timedelta(days=6)])
    return rows

"""A complete province folder from a workbook of units and a few words; nothing of it is made up but what says so."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cchc.contracts import feeds
from cchc.errors import ConfigError
from cchc.province import calendar, periods, units
from cchc.province.agency import rhythm
from cchc.province.obligations import COLUMNS, UNIT_COLUMNS, Duties, duties_of, named_in
from cchc.province.tables import csv_text, template, write_whole

SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")  # becomes dbt's schema names
FRAMEWORK = "mau-9"
CONTACT = ("agency_code", "role", "name_vi", "email", "phone")
DELIVERY = ("feed", "period_kind", "applies_to", "open_working_days", "due_working_days", "accept_working_days", "valid_from", "valid_to",
            "constructed", "source")  # fmt: skip
EMPTY = {
    "delivery_exception": ("agency_code", "feed", "period_code", "kind", "until", "decided_by", "reason"),
    "known_issue": ("what", "owner", "until", "reason"),
    "obligation_target": ("agency_code", "obligation", "directive", "measure", "period_code", "target", "source"),
}
SCOPE = ("agency_code", "user_name", "role", "valid_from", "valid_to")


@dataclass(frozen=True)
class Wanted:
    """What a province says of itself at its start."""

    code: str
    name_vi: str
    units: Path
    years: range
    go_live_on: date
    directives: list[str]
    catalogue: Path  # dbt_project/seeds/measure.csv
    operator: tuple[str, str] | None = None  # name and e-mail of who runs the warehouse


@dataclass(frozen=True)
class Made:
    """The files of the folder, by path, and the duties behind them."""

    files: dict[Path, str]
    units: int
    duties: Duties


def init_province(folder: Path, wanted: Wanted, dry_run: bool = False) -> Made:
    """Make the province folder `folder`; its name becomes the province's slug. A dry run only checks.

    Raises ConfigError when the folder is not empty, its name is no slug, or the workbook has something to correct.
    """
    if not SLUG.fullmatch(folder.name):
        raise ConfigError(f"{folder.name!r} can't name a province: small letters without accents, digits and hyphens, e.g. lao-cai")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(f"{folder} is not empty: name a new folder, or add to this one with `cchc agency add`")
    listed = units.units_of_workbook(wanted.units, wanted.code)
    duties = named_in(duties_of(wanted.directives, wanted.catalogue), listed)
    tables = _tables(wanted, duties, listed)
    files = {folder / "reference" / f"{name}.csv": text for name, text in tables.items()}
    if not dry_run:
        (folder / "sources").mkdir(parents=True, exist_ok=True)
        for path, text in files.items():
            write_whole(path, text)
    return Made(files, len(listed), duties)


def _tables(wanted: Wanted, duties: Duties, listed: list[dict[str, str]]) -> dict[str, str]:
    days = calendar.Calendar(wanted.years)
    operator = [["", "operator", *wanted.operator, ""]] if wanted.operator else []
    scope = [[wanted.code, wanted.operator[1], "operator", wanted.go_live_on, ""]] if wanted.operator else []
    dates = ("directive", "title_vi", "valid_from", "valid_to")
    return {
        "unit": csv_text(units.HEADER, [[unit[name] for name in units.HEADER] for unit in listed]),
        "calendar_day": csv_text(calendar.HEADER, days.rows()),
        "period": csv_text(periods.HEADER, periods.period_rows(wanted.years, days) + periods.programme_rows(wanted.years, days)),
        "directive": csv_text(dates, [[row[name] for name in dates] for row in duties.directives]),
        "obligation": csv_text(COLUMNS, [[row[name] for name in COLUMNS] for row in duties.obligations]),
        "obligation_unit": csv_text(UNIT_COLUMNS, [[row[name] for name in UNIT_COLUMNS] for row in duties.units]),
        "criterion": _framework("criterion", wanted),
        "grade": _framework("grade", wanted),
        "reconciliation_check": _as_shipped("reconciliation_check"),
        "contact": csv_text(CONTACT, operator),
        "user_scope": csv_text(SCOPE, scope),
        "setting": csv_text(("name", "value"), _settings(wanted)),
        "delivery_calendar": csv_text(DELIVERY, _delivery_days(wanted.go_live_on)),
        **{name: csv_text(header, []) for name, header in EMPTY.items()},
    }


def _framework(name: str, wanted: Wanted) -> str:
    """The constructed framework to start with; every one of its rows says `constructed`, and every print says so."""
    header, rows = template(name)
    if "year_from" in header:
        rows = [row | {"year_from": str(wanted.years.start)} for row in rows]
    return csv_text(header, [[row[column] for column in header] for row in rows])


def _as_shipped(name: str) -> str:
    """A table that starts as the product's; its own rows say which parts no text prescribes."""
    header, rows = template(name)
    return csv_text(header, [[row[column] for column in header] for row in rows])


def _delivery_days(start: date) -> list[list[str]]:
    """A rhythm for every feed, from go-live on. No text prescribes one, so each row says that it is ours."""
    source = "do phần mềm đặt sẵn, chưa có văn bản quy định"
    return [[feed, rhythm(feed), "agency", "", "5", "10", start.isoformat(), "", "true", source] for feed in feeds()]


def _settings(wanted: Wanted) -> list[tuple[str, str]]:
    name = wanted.name_vi
    return [
        ("province_name_vi", name), ("issuing_body_vi", f"ỦY BAN NHÂN DÂN\nTỈNH {name.upper()}"), ("document_symbol_vi", "BC-UBND"),
        ("place_vi", name), ("recipient_vi", "Bộ Nội vụ"), ("signer_authority_vi", "TM. ỦY BAN NHÂN DÂN"), ("signer_title_vi", "CHỦ TỊCH"),
        ("distribution_vi", "Như trên;\nSở Nội vụ;\nLưu: VT, NC."), ("synthetic", "false"), ("go_live_on", wanted.go_live_on.isoformat()),
        ("time_zone", "Asia/Ho_Chi_Minh"), ("working_sessions", "07:00-11:30 13:30-17:00"), ("due_day_ends_at", "24:00"),
        ("deadline_on_day_off", periods.ON_DAY_OFF[0]),
        ("framework", FRAMEWORK), (f"framework_title_vi.{FRAMEWORK}", "Bộ chỉ số mẫu (9 tiêu chí do phần mềm dựng sẵn)"),
    ]  # fmt: skip

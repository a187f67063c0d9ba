"""The small province with a delivery calendar: dossiers monthly, staff quarterly, both by every agency."""

from cchc.clock import parse_as_of
from cchc.intake.expected import Owed, owed
from cchc.intake.reference import load_reference
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.roles import LOADER
from province import write_csv
from small_night import make_province

CALENDAR = ["feed", "period_kind", "applies_to", "open_working_days", "due_working_days", "accept_working_days", "valid_from",
            "constructed", "source"]  # fmt: skip
MONTHLY = ["dossier_log", "month", "department", 3, 3, 8, "2013-01-01", "true", "test"]
QUARTERLY = ["staff", "quarter", "department", 5, 5, 10, "2013-01-01", "true", "test"]
EXCEPTION = ["agency_code", "feed", "period_code", "kind", "until", "decided_by", "reason"]


def make_calendar(config: Settings, rows: list | None = None, exceptions: list | None = None, go_live: str | None = "2013-02-01") -> None:
    """Reference data, two senders, the delivery calendar; loaded."""
    make_province(config)
    write_csv(config.province / "reference/delivery_calendar.csv", CALENDAR, rows if rows is not None else [MONTHLY, QUARTERLY])
    write_csv(config.province / "reference/delivery_exception.csv", EXCEPTION, exceptions or [])
    setting = config.province / "reference/setting.csv"
    if go_live:
        setting.write_text(setting.read_text(encoding="utf-8") + f"go_live_on,{go_live}\n", encoding="utf-8")
    contacts = [["X01.01", "data_owner", "Chị Một", "mot@example.invalid", "0212 1"],
                ["X01.02", "data_owner", "Anh Hai", "hai@example.invalid", "0212 2"],
                ["", "operator", "Trực vận hành", "truc@example.invalid", ""],
                ["", "reform_office", "Phòng Cải cách hành chính", "cchc@example.invalid", "0212 9"]]  # fmt: skip
    write_csv(config.province / "reference/contact.csv", ["agency_code", "role", "name_vi", "email", "phone"], contacts)
    load_reference(config)


def standing(config: Settings, as_of: str, feed: str = "dossier_log") -> dict[tuple[str, str], Owed]:
    """(unit, period) → what it owes of `feed`."""
    with connect(LOADER) as connection:
        return {(o.agency_code, o.period_code): o for o in owed(connection, config.province.name, parse_as_of(as_of)) if o.feed == feed}


def states(config: Settings, as_of: str, feed: str = "dossier_log") -> dict[tuple[str, str], str]:
    """(unit, period) → state."""
    return {key: one.state for key, one in standing(config, as_of, feed).items()}

"""The calendar of periods: bounds and deadlines by regime and programmes, both tables that a person can add to (templates/)."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from cchc.errors import ConfigError
from cchc.province.calendar import Calendar
from cchc.province.tables import template

HEADER = ("period_code", "kind", "regime", "starts_on", "ends_on", "due_on")
ON_DAY_OFF = ("next_working_day", "as_written")  # of the setting deadline_on_day_off; the first is the default (reports.md: ours)
AFTER_PROGRAMME = 6  # days from a programme's end to its report, as after a year (ours)
DAY = re.compile(r"(\d\d)-(\d\d)(?: y([+-]1))?")  # month, day, of the year before or after


def regimes() -> list[str]:
    """The regimes that come with the product."""
    return list(dict.fromkeys(row["regime"] for row in template("regime")[1]))


def regime_of(year: int) -> str:
    """The regime that a year is reported by unless the province says otherwise."""
    for row in template("regime")[1]:
        first, dash, last = row["default_for"].partition("-")
        if dash and int(first or 0) <= year <= int(last or 9999):
            return row["regime"]
    raise ConfigError(f"no regime counts the year {year}: name one of {', '.join(regimes())}")


def period_rows(years: Iterable[int], calendar: Calendar, regime: str | None = None, on_day_off: str = ON_DAY_OFF[0]) -> list[list[str]]:
    """All periods of `years` but days and programmes, as reference/period.csv has them; by `regime`, else by each year's own.

    Raises ConfigError for a regime or a way with days off that is not known.
    """
    if regime not in (None, *regimes()) or on_day_off not in ON_DAY_OFF:
        raise ConfigError(f"{regime or on_day_off!r} is not known; there are {', '.join(regimes() if regime else ON_DAY_OFF)}")
    return [row for year in years for row in _year(year, calendar, regime or regime_of(year), on_day_off)]


def programme_rows(years: Iterable[int], calendar: Calendar) -> list[list[str]]:
    """The multi-year programmes that any of `years` lies in, as periods of their own."""
    listed, rows = sorted(years), []
    for row in template("programme")[1]:
        first, last = date.fromisoformat(row["starts_on"]), date.fromisoformat(row["ends_on"])
        if any(first.year <= year <= last.year for year in listed):
            due = calendar.deadline(last, last + timedelta(AFTER_PROGRAMME))
            rows.append([row["period_code"], "programme", "programme", first.isoformat(), last.isoformat(), due.isoformat()])
    return rows


def day_rows(years: Iterable[int]) -> list[list[str]]:
    """The single days of `years`; a night keeps figures of the last `day_window` of them. No report is due on a day."""
    firsts = [(date(year, 1, 1), date(year + 1, 1, 1)) for year in years]
    days = [(first + timedelta(number)).isoformat() for first, end in firsts for number in range((end - first).days)]
    return [[day, "day", "day", day, day, day] for day in days]


def _year(year: int, calendar: Calendar, regime: str, on_day_off: str) -> Iterator[list[str]]:
    for row in template("regime")[1]:
        if row["regime"] == regime:
            start, end, due = (_day(row[name], year) for name in ("starts", "ends", "due"))
            if on_day_off != "as_written":
                due = calendar.deadline(end, due)
            yield [f"{year}{row['suffix']}", row["kind"], regime, start.isoformat(), end.isoformat(), due.isoformat()]


def _day(text: str, year: int) -> date:
    """`12-15 y-1` of 2022 is 15/12/2021; 29 February is the month's last day in any year."""
    found = DAY.fullmatch(text)
    if not found:
        raise ConfigError(f"templates/regime.csv: {text!r} is no day like 12-15 or 01-06 y+1")
    month, day, year = int(found[1]), int(found[2]), year + int(found[3] or 0)
    if (month, day) == (2, 29):
        return date(year, 3, 1) - timedelta(1)
    return date(year, month, day)

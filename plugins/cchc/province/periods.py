"""The calendar of periods by regime: calendar months until 2021, the 15th to the 14th from 2022 (CV 581/BNV-CCHC)."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from cchc.province.calendar import Calendar

HEADER = ("period_code", "kind", "regime", "starts_on", "ends_on", "due_on")
FIRST_581 = 2022  # CV 581/BNV-CCHC of 21/02/2022 counts the year 2022 by it
DAYS_TO_DEADLINE = 6  # the 14th to the 20th in CV 581; kept for calendar periods (docs/demonstration.md)
SPANS = (
    *((f"-{month:02d}", "month", month, month) for month in range(1, 13)),
    *((f"-Q{quarter}", "quarter", 3 * quarter - 2, 3 * quarter) for quarter in range(1, 5)),
    ("-H1", "half", 1, 6), ("-9M", "nine_months", 1, 9), ("", "year", 1, 12),
)  # fmt: skip


def period_rows(years: Iterable[int], calendar: Calendar) -> list[list[str]]:
    """All periods of `years` but days, as reference/period.csv has them."""
    return [row for year in years for row in _year(year, calendar)]


def _year(year: int, calendar: Calendar) -> Iterator[list[str]]:
    regime = "cv-581" if year >= FIRST_581 else "calendar-2011"
    for ending, kind, first, last in SPANS:
        start, end = _bounds(year, first, last, regime)
        due = calendar.deadline(end, DAYS_TO_DEADLINE)
        yield [f"{year}{ending}", kind, regime, start.isoformat(), end.isoformat(), due.isoformat()]


def _bounds(year: int, first: int, last: int, regime: str) -> tuple[date, date]:
    if regime == "cv-581":
        start = date(year - 1, 12, 15) if first == 1 else date(year, first - 1, 15)
        return start, date(year, last, 14)
    return date(year, first, 1), date(year + last // 12, last % 12 + 1, 1) - timedelta(1)

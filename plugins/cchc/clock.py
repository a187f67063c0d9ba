"""The only module that reads the wall clock.

Everything else is given an *as-of*. Instants are timezone-aware; the province's zone is Asia/Ho_Chi_Minh.
"""

from datetime import date, datetime, time, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

__all__ = ["ZONE", "end_of_day", "monotonic", "now", "parse_as_of"]


def now() -> datetime:
    """The present instant in the province's zone."""
    return datetime.now(ZONE)


def end_of_day(day: date) -> datetime:
    """The last microsecond of `day` in the province's zone."""
    return datetime.combine(day + timedelta(days=1), time(), ZONE) - timedelta(microseconds=1)


def parse_as_of(text: str | None) -> datetime:
    """Read an as-of: empty = now, a date = the end of that day, an instant without zone = the province's.

    Raises ValueError on anything else.
    """
    if not text:
        return now()
    if len(text) == 10:
        return end_of_day(date.fromisoformat(text))
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=ZONE)

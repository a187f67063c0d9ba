"""From which day a province runs for good: what is older is history (docs/reference-data.md, setting.csv)."""

from datetime import date, datetime

import psycopg

from cchc.clock import ZONE
from cchc.errors import ConfigError


def go_live_on(connection: psycopg.Connection, province: str) -> date | None:
    """The setting `go_live_on` of a province; None when it is not given (then no day is history).

    A period that ended before this day loads as history: its deliveries count like any other in cuts and figures, but
    nobody is reminded, nothing is late and no alert goes out. A period that ends on the day or after it is live.
    Raises ConfigError when the setting is no date.
    """
    row = connection.execute("select value from reference.setting where province = %s and name = 'go_live_on'", (province,)).fetchone()
    try:
        return date.fromisoformat(row[0]) if row else None
    except ValueError as error:
        raise ConfigError(f"reference/setting.csv: go_live_on is {row and row[0]!r}; it takes a date YYYY-MM-DD") from error


def is_history(ends_on: date, live_from: date | None) -> bool:
    """Whether a period that ends on `ends_on` (inclusive) lies before the go-live `live_from`."""
    return live_from is not None and ends_on < live_from


def is_live(connection: psycopg.Connection, province: str, as_of: datetime) -> bool:
    """Whether the province has gone live by the day of `as_of`: before it, and without the setting, nobody is reminded or alarmed."""
    live_from = go_live_on(connection, province)
    return live_from is not None and not is_history(as_of.astimezone(ZONE).date(), live_from)

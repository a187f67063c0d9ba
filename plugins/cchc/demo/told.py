"""What a collector tells of others, delivery by delivery: only what had happened by then.

The feeds beside the seven of every body are collected by one department and sent in the name of UBND tỉnh.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from cchc.demo.calendar import half_ends, quarter_ends
from cchc.demo.province import Body, Province, at
from cchc.demo.sending import Delivery, Sending

Row = dict[str, Any]
Ends = Sequence[tuple[str, datetime]]
FIRST_YEAR, LAST_YEAR = 2012, 2014
FRIDAY = 4
SINCE = "since"  # of a row: the day from which it is told; no column


def quarters(body: Body, province: Province) -> Ends:
    """Period and arrival of quarterly files: one for the whole of 2012, then each quarter."""
    return [end for end in quarter_ends(body, province, days_before=1) if end[0] >= f"{FIRST_YEAR}-Q4"]


def halves(body: Body, province: Province) -> Ends:
    """Period and arrival of half-yearly files: one for the whole of 2012, then each half-year."""
    return [end for end in half_ends(body, province, days_before=3) if end[0] >= f"{FIRST_YEAR}-H2"]


def scored(province: Province) -> list[Body]:
    """The 30 bodies that the index judges, by code."""
    return sorted((body for body in province.bodies if body.kind != "province"), key=lambda body: body.code)


def whole(feed: str, ends: Ends, rows_of: Callable[[str, date], Iterable[Row]]) -> Sending:
    """Each delivery holds all that `rows_of` its period and day gives."""
    return _sending(feed, [(end, list(rows_of(end[0], end[1].date()))) for end in ends])


def changes(feed: str, ends: Ends, rows: Sequence[Row]) -> Sending:
    """Each delivery holds the rows that are new, or told otherwise than the last time; `updated_at` is what happened last."""
    told: dict[int, Row] = {}
    files = []
    for end in ends:
        day = end[1].date()
        now = {n: so_far(row, day) for n, row in enumerate(rows) if row[SINCE] <= day}
        files.append((end, [_stamped(row, rows[n][SINCE]) for n, row in now.items() if told.get(n) != row]))
        told |= now
    return _sending(feed, files)


def so_far(row: Row, day: date) -> Row:
    """The row as one knows it on `day`: what happened later is empty. Plans and deadlines may lie ahead."""
    hidden = {name for name, value in row.items() if isinstance(value, date) and _day(value) > day and name not in AHEAD}
    hidden |= {name for name, event in FOLLOWS.items() if name in row and event in hidden}
    return {name: None if name in hidden else value for name, value in row.items() if name != SINCE}


AHEAD = {"due_on", "planned_on", SINCE}
FOLLOWS = {  # what is known only once something has happened
    "result": "answered_on", "rating": "answered_on", "forwarded_to": "forwarded_on", "learners": "closed_on", "learners_desk": "closed_on",
    "times": "published_on", "participants": "published_on", "people_checked": "done_on", "people_with_card": "done_on",
    "document_no": "issued_on", "check_result": "checked_on", "signer_role": "received_at", "has_lead_progress": "received_at",
}  # fmt: skip


def _stamped(row: Row, since: date) -> Row:
    happened = [_day(value) for name, value in row.items() if isinstance(value, date) and name not in AHEAD]
    return row | {"updated_at": at(max([since, *happened]), 8, 0)}


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _sending(feed: str, files: Sequence[tuple[tuple[str, datetime], list[Row]]]) -> Sending:
    rows: list[Row] = []
    deliveries = []
    for (period, arrival), told in files:
        if told:  # nobody sends an empty file
            deliveries.append(Delivery(arrival, period, np.arange(len(rows), len(rows) + len(told))))
            rows += told
    names = dict.fromkeys(name for row in rows for name in row)
    return Sending(feed, {name: [row.get(name) for row in rows] for name in names}, deliveries)


def some_day(rng: np.random.Generator, first: date, last: date) -> date:
    """A random day of the span, both ends included."""
    return first + timedelta(days=int(rng.integers(0, (last - first).days + 1)))


def after(rng: np.random.Generator, day: date, least: int, most: int) -> date:
    """A day from `least` to `most` days after `day`; the Friday before, where that is one too and the day is a weekend's."""
    days = int(rng.integers(least, most + 1))
    weekend = (day + timedelta(days=days)).weekday() - FRIDAY
    return day + timedelta(days=days - weekend if 0 < weekend <= days - least else days)

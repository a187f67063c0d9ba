"""Registers that are sent whole again and again: each time with what had become known of everyone by then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from cchc.demo.sending import Delivery, Sending, moments

NEVER = np.datetime64("NaT", "D")


@dataclass(frozen=True)
class Told:
    """A cell of everyone's row, from a day on (datetime64[D]; NEVER: not at all); of one column the last that is known holds."""

    column: str
    since: np.ndarray
    value: np.ndarray  # datetime64[D] or objects, None = empty


def register(feed: str, came: np.ndarray, told: Sequence[Told], ends: Sequence[tuple[str, datetime]]) -> Sending:
    """Files of period and arrival `ends`, with all who `came` by then; a row is made anew when something new is told of it."""
    columns: dict[str, list] = {one.column: [] for one in told}
    newest = np.zeros(len(came), int)
    deliveries: list[Delivery] = []
    before, made = np.datetime64("0001-01-01"), 0
    for period, arrival in ends:
        day = np.datetime64(arrival.date())
        new = np.flatnonzero((came <= day) & _is_news(told, before, day))
        newest[new] = np.arange(made, made + len(new))
        for name, values in columns.items():
            values += _cells([one for one in told if one.column == name], new, day)
        deliveries.append(Delivery(arrival, period, newest[came <= day]))
        before, made = day, made + len(new)
    return Sending(feed, columns, deliveries)


def _is_news(told: Sequence[Told], before: np.datetime64, day: np.datetime64) -> np.ndarray:
    """Of whom something became known after `before`, by `day`."""
    return np.logical_or.reduce([(one.since > before) & (one.since <= day) for one in told])


def _cells(told: Sequence[Told], places: np.ndarray, day: np.datetime64) -> list:
    """One column's cells of those at `places`, as known on `day`."""
    cells = np.full(len(places), None, object)
    for one in told:
        known = one.since[places] <= day
        values = one.value[places][known]
        cells[known] = moments(values) if values.dtype.kind == "M" else values
    return cells.tolist()

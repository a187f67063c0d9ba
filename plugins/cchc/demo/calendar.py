"""When senders send: month ends for dossiers, working days before the end of a quarter or half-year for the rest."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import numpy as np

from cchc.demo.facts import FIRST_DAY, LAST_DAY
from cchc.demo.province import Body, Province, at

LAST_SURE_MONTHS = {
    (2013, 10),
    (2013, 11),
    (2013, 12),
    (2014, 6),
}  # no late file near the published date, none past the end


def month_ends(body: Body) -> list[tuple[str, datetime]]:
    """Period and arrival of each monthly file: the month's last evening, some days later where the sender is slow."""
    rng = body.rng("month_ends")
    minute = int(rng.integers(0, 60))
    result = []
    for year, month in _months():
        last = _end(year, month)
        late = rng.random() < body.profile.slow_file and (year, month) not in LAST_SURE_MONTHS
        day = last + timedelta(days=int(rng.integers(1, 5))) if late else last
        if last >= body.since:
            result.append((f"{year}-{month:02d}", at(day, 17, minute)))
    return result


def quarter_ends(body: Body, province: Province, days_before: int) -> list[tuple[str, datetime]]:
    """Period and arrival of each quarterly file, from the opening delivery of 15/12/2011 on."""
    ends = [(y, m) for y, m in _months() if m % 3 == 0]
    return [(f"{y}-Q{m // 3}", _near_end(body, province, y, m, days_before)) for y, m in ends if _end(y, m) >= body.since]


def half_ends(body: Body, province: Province, days_before: int) -> list[tuple[str, datetime]]:
    """Period and arrival of each half-yearly file."""
    ends = [(y, m) for y, m in _months() if m % 6 == 0]
    return [(f"{y}-H{m // 6}", _near_end(body, province, y, m, days_before)) for y, m in ends if _end(y, m) >= body.since]


def visible(known_on: np.ndarray, arrival: datetime) -> np.ndarray:
    """Which rows a sender knows on the day of `arrival`."""
    return known_on <= np.datetime64(arrival.date())


def _near_end(body: Body, province: Province, year: int, month: int, days_before: int) -> datetime:
    opening = (year, month) == (FIRST_DAY.year, FIRST_DAY.month)
    day = FIRST_DAY if opening else province.last_working_day(_end(year, month) - timedelta(days=days_before))
    return at(day, 15, body.rng("near_end").integers(0, 60).item())


def _end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _months() -> Iterator[tuple[int, int]]:
    for number in range(FIRST_DAY.year * 12 + FIRST_DAY.month - 1, LAST_DAY.year * 12 + LAST_DAY.month):
        yield number // 12, number % 12 + 1

"""The yearly review of staff, its publication, breaches of discipline. Constructed: all are reviewed in December."""

from collections.abc import Iterator
from datetime import date

import numpy as np

from cchc.demo.facts import LAST_DAY
from cchc.demo.province import Body
from cchc.demo.registers import NEVER, Told
from cchc.demo.sending import choose

YEARS = (2011, 2012, 2013)
FIRST, DAYS, PUBLISHED_AFTER = (12, 1), 11, (3, 10)  # from 1 to 11 December; published by the 21st, before the year's last register
LATE = (35, 60)  # in January, where work lags
LAGS_UNDER = 0.86  # of the plan's share: such bodies publish late
MISSED = 0.4  # share of people without review, of the share of the plan that stays undone
IN_POST = np.timedelta64(150, "D")  # newer people are not reviewed yet
RESULTS = {"excellent": 12, "good": 70, "fair": 16, "poor": 2}
DISCIPLINED, MEASURES = 0.002, {"reprimand": 70, "warning": 25, "salary_reduction": 5}


def reviews(body: Body, came: np.ndarray, left: np.ndarray) -> Iterator[Told]:
    """Of every year the day of review, its result, the day of publication."""
    size = len(came)
    for year in YEARS:
        rng = body.rng(f"staff/review/{year}")
        on = np.datetime64(date(year, *FIRST)) + rng.integers(0, DAYS, size)
        skipped = (rng.random(size) < (1 - body.profile.plan) * MISSED) | (came > on - IN_POST) | (left <= on)
        on = np.where(skipped, NEVER, on)
        lag = rng.integers(*(LATE if body.profile.plan < LAGS_UNDER else PUBLISHED_AFTER), size)
        published = on + lag
        yield Told("reviewed_on", on, on)
        yield Told("review_result", on, _drawn(rng, RESULTS, size))
        yield Told("review_published_on", on, np.full(size, None, object))  # that of the year before is another review's
        yield Told("review_published_on", published, published)


def discipline(body: Body, came: np.ndarray, left: np.ndarray) -> Iterator[Told]:
    """A few decisions on people in post."""
    rng = body.rng("staff/discipline")
    size = len(came)
    span = (np.datetime64(LAST_DAY) - np.datetime64(body.since)).astype(int)
    on = np.datetime64(body.since) + rng.integers(1, span, size)
    on = np.where((rng.random(size) < DISCIPLINED) & (came < on) & ~(left <= on), on, NEVER)
    yield Told("disciplined_on", on, on)
    yield Told("discipline", on, _drawn(rng, MEASURES, size))


def _drawn(rng: np.random.Generator, weights: dict[str, int], size: int) -> np.ndarray:
    return np.array(list(weights), object)[choose(rng, list(weights.values()), size)]

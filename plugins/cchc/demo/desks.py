"""Who sits at the one-stop desks, and who of them was trained for it. Constructed; the posts are those that staff_quota assigns."""

from datetime import date
from typing import NamedTuple

import numpy as np

from cchc.demo.facts import DESK_POSTS, FIRST_DAY, NO_SHOP_BUT_DESK, NOBODY_AT_DESK
from cchc.demo.organisations import shop_days
from cchc.demo.province import Body
from cchc.demo.registers import NEVER

ONE_SHORT, ONE_MORE = 0.07, 0.02  # units with a person less, or more, than posts
TRAINING = (date(2010, 3, 1), date(2014, 5, 31))
AFTER_2013 = 0.02  # of those trained, who are trained only in 2014
SUITED = {"Chuyên viên", "Cán sự", "Văn thư", "Văn phòng - thống kê", "Tư pháp - hộ tịch", "Địa chính - xây dựng"}


class Desks(NamedTuple):
    """Of each person the day from which the register has them at the desk, and that of their training (or NEVER)."""

    since: np.ndarray
    trained: np.ndarray


def desks(body: Body, units: list[str], positions: list[str], able: np.ndarray, came: np.ndarray) -> Desks:
    """Of those `able` (civil servants who stay) each unit with a shop puts some at its desk, once both are there."""
    since = np.full(len(units), NEVER)
    trained = since.copy()
    days = shop_days(body) | dict.fromkeys(NO_SHOP_BUT_DESK, FIRST_DAY)
    of_unit = np.array(units, object)
    for unit in body.units:
        rng = body.rng(f"staff/desk/{unit}")
        if (day := days[unit]) is None:
            continue
        people = _people(rng, body, unit)
        chosen = _suited(rng, np.flatnonzero(able & (of_unit == unit)), positions, came)[:people]
        since[chosen] = np.maximum(came[chosen], np.datetime64(day))
        trained[chosen] = np.maximum(_trainings(rng, body, len(chosen)), came[chosen])
    return Desks(since, trained)


def _people(rng: np.random.Generator, body: Body, unit: str) -> int:
    """How many sit at the desk: as many as there are posts, but for some; none or one where that is planted."""
    posts, luck = DESK_POSTS[body.kind if unit == body.code else "commune"], rng.random()
    if unit in NOBODY_AT_DESK:
        return 0
    return 1 if unit in NO_SHOP_BUT_DESK else posts - (luck < ONE_SHORT) + (luck > 1 - ONE_MORE)


def _suited(rng: np.random.Generator, able: np.ndarray, positions: list[str], came: np.ndarray) -> np.ndarray:
    """Those who have been there all the time and whose work suits the desk first."""
    less = np.array([positions[n] not in SUITED for n in able.tolist()], float) + 2 * (came[able] > np.datetime64(FIRST_DAY))
    return able[np.argsort(less + rng.random(len(able)) / 2, kind="stable")]


def _trainings(rng: np.random.Generator, body: Body, size: int) -> np.ndarray:
    """Days of training; fewer people are trained where people are less content."""
    first, last = (np.datetime64(day) for day in TRAINING)
    end_of_2013 = np.datetime64("2013-11-30")
    days = first + rng.integers(0, (end_of_2013 - first).astype(int), size)
    late = end_of_2013 + rng.integers(40, (last - end_of_2013).astype(int), size)
    luck, untrained = rng.random(size), max(0.0, 0.85 - body.profile.satisfied)
    return np.where(luck < untrained, NEVER, np.where(luck > 1 - AFTER_2013, late, days))

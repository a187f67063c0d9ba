"""What version 2 of the staff contract adds: fitness, desk, recruitment, leaving, reviews, discipline, the card. Constructed."""

from collections.abc import Iterator

import numpy as np

from cchc.demo.desks import desks
from cchc.demo.facts import PUBLISHED_AS_OF
from cchc.demo.fitness import fitness
from cchc.demo.province import Body
from cchc.demo.registers import NEVER, Told
from cchc.demo.reviews import discipline, reviews
from cchc.demo.sending import choose, only_where

RECRUITED_THEN, MONTHS_BEFORE, CAREER = 0.75, 72, 300  # most came to the post with their recruitment; months before it of others
HEADS, BY_EXAM = {"Trưởng phòng", "Phó trưởng phòng"}, 0.12
LEFT_AS = {"retired": 58, "transferred": 28, "streamlined": 4, "resigned": 8, "dismissed": 2}
NO_CARD = 0.02


def version_2(body: Body, units: list[str], kinds: list[str], positions: list[str], came: np.ndarray, left: np.ndarray) -> Iterator[Told]:
    """The columns that version 1 did not have, of every person by place; own random streams, so that version 1's stay as they were.

    Level and code of the position stay empty: the unit's level holds, and schemes of positions are not approved everywhere.
    """
    rng, size = body.rng("staff/version 2"), len(units)
    civil = np.array(kinds, object) == "civil_servant"
    fit = fitness(body.profile, positions, rng)
    yield from (Told(name, came, value) for name, value in vars(fit).items())
    yield from _desk(body, units, positions, civil, came, left)
    yield _recruited(body, came, rng)
    head = np.array([position in HEADS for position in positions])
    yield Told("appointed_by_exam", came, only_where(head, rng.random(size) < BY_EXAM))
    yield Told("left_as", left, np.array(list(LEFT_AS), object)[choose(rng, list(LEFT_AS.values()), size)])
    yield Told("has_card", came, only_where(civil, rng.random(size) >= NO_CARD))
    yield from reviews(body, came, left)
    yield from discipline(body, came, left)


def _recruited(body: Body, came: np.ndarray, rng: np.random.Generator) -> Told:
    """Who came with the founding of the body had served elsewhere before."""
    founded = came == np.datetime64(body.since)
    months = rng.integers(1, np.where(founded, CAREER, MONTHS_BEFORE)) * (founded | (rng.random(len(came)) >= RECRUITED_THEN))
    return Told("recruited_on", came, (came.astype("datetime64[M]") - months).astype("datetime64[D]"))


def _desk(body: Body, units: list[str], positions: list[str], civil: np.ndarray, came: np.ndarray, left: np.ndarray) -> Iterator[Told]:
    """Civil servants are at the desk or not; of public employees the register does not say it."""
    able = civil & np.isnat(left) & (came <= np.datetime64(PUBLISHED_AS_OF))
    found = desks(body, units, positions, able, came)
    yield Told("at_one_stop", came, only_where(civil, ~civil))
    yield Told("at_one_stop", found.since, np.full(len(units), True, object))
    yield Told("one_stop_trained_on", np.where(np.isnat(found.since), NEVER, found.trained), found.trained)

"""Rank and qualification against the position held, as registers tell them. All constructed.

Ranks are short names of our own, not the codes of a decree. Where a body works well (its plan is finished) people fit.
"""

from dataclasses import dataclass

import numpy as np

from cchc.demo.facts import Profile
from cchc.demo.sending import choose, only_where

UNFIT_PER_UNDONE = 0.5  # share of people who do not fit, of the share of the plan that stays undone
LACKS_BOTH, ONLY_RANK = 0.3, 0.35  # of those with too low a degree, who lack the rank too; and as many more lack only the rank
UNKNOWN = 0.012
DEGREES = ["none", "elementary", "intermediate", "college", "university", "master", "doctor"]
HIGHER = (80, 15, 5)  # weights of the degree that is asked for, the next and the one after
# fmt: off
POSTS = {  # position: (rank, the rank below, degree that the position asks for)
    "Chuyên viên": ("CV", "CS", "university"), "Chuyên viên chính": ("CVC", "CV", "university"),
    "Cán sự": ("CS", "NV", "college"), "Văn thư": ("VT", "NV", "intermediate"), "Kế toán": ("KT", "KTTC", "university"),
    "Trưởng phòng": ("CVC", "CV", "university"), "Phó trưởng phòng": ("CV", "CS", "university"),
    "Giáo viên": ("GV", "GVTS", "college"), "Y sĩ": ("YS", "YT", "intermediate"), "Bác sĩ": ("BS", "YS", "university"),
    "Điều dưỡng": ("DD", "YT", "intermediate"), "Kỹ thuật viên": ("KTV", "NV", "college"),
    "Nhân viên hành chính": ("NV", "NVPV", "elementary"),
}
IN_COMMUNE = ("CCX", "CBX", "intermediate")
# fmt: on


@dataclass(frozen=True)
class Fitness:
    """Of each person, as the register's columns of these names; a fit is True, False or None (nobody looked yet)."""

    rank: np.ndarray
    rank_fits: np.ndarray
    qualification: np.ndarray
    qualification_fits: np.ndarray


def fitness(profile: Profile, positions: list[str], rng: np.random.Generator) -> Fitness:
    """Most people fit, a few have the rank below or too low a degree, of a few nobody knows."""
    size = len(positions)
    asked = [POSTS.get(position, IN_COMMUNE) for position in positions]
    lot = rng.random(size)
    unfit = (1 - profile.plan) * UNFIT_PER_UNDONE
    both = lot < unfit * LACKS_BOTH
    low_rank, low_degree = both | ((lot >= unfit) & (lot < unfit * (1 + ONLY_RANK))), lot < unfit
    known = rng.random((2, size)) >= UNKNOWN
    needed = np.array([DEGREES.index(degree) for *_, degree in asked])
    degree = np.where(low_degree, needed - 1, np.minimum(needed + choose(rng, HIGHER, size), len(DEGREES) - 1))
    return Fitness(
        np.array([below if low else own for (own, below, _), low in zip(asked, low_rank.tolist(), strict=True)], object),
        only_where(known[0], ~low_rank),
        np.array(DEGREES, object)[degree],
        only_where(known[1], ~low_degree),
    )

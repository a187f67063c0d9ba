"""The registers of staff. As of 31/12/2013 the people in post add up to the published totals, by construction.

People come on the 1st of a month and leave on the 15th: how the day of a month's end is counted makes no difference.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from cchc.demo.calendar import quarter_ends
from cchc.demo.facts import CIVIL_SERVANTS, FIRST_DAY, LAST_DAY, PROFILES, PUBLIC_EMPLOYEES, PUBLISHED_AS_OF
from cchc.demo.people import names
from cchc.demo.province import Body, Province
from cchc.demo.registers import NEVER, Told, register
from cchc.demo.sending import Sending, choose, share_out
from cchc.demo.servants import version_2

QUARTERLY_FROM = 2013  # before, the register was sent once a year (ours: it keeps the demonstration light)
CAREERS_BEGIN = date(1985, 1, 1)
LEFT_BEFORE, LEFT_AFTER, CAME_AFTER = 0.04, 0.01, 0.012  # of those in post at the published date
CAME_RECENTLY = 0.07
# fmt: off
POSITIONS = {  # title: weight
    "civil_servant": {"Chuyên viên": 40, "Chuyên viên chính": 12, "Cán sự": 14, "Văn thư": 6, "Kế toán": 8,
                      "Trưởng phòng": 9, "Phó trưởng phòng": 11},
    "public_employee": {"Giáo viên": 60, "Y sĩ": 8, "Bác sĩ": 6, "Điều dưỡng": 10, "Kỹ thuật viên": 8,
                        "Nhân viên hành chính": 8},
    "commune": {"Văn phòng - thống kê": 1, "Tư pháp - hộ tịch": 1, "Địa chính - xây dựng": 1, "Tài chính - kế toán": 1,
                "Văn hóa - xã hội": 1, "Trưởng công an xã": 1, "Chỉ huy trưởng quân sự": 1, "Cán bộ chuyên trách": 4},
}
# fmt: on


@dataclass(frozen=True)
class Post:
    """Posts of one unit and kind; `filled` people are in post at the published date."""

    unit: str
    kind: str
    filled: int


def staff(body: Body, province: Province) -> Sending:
    """Whole registers near quarters' ends: everyone in post since 15/12/2011, with what has become known of each by then."""
    rng = body.rng("staff")
    posts = [post for post in allotted(province) if post.unit in set(body.units)]
    post, came, left = _people(posts, body, rng)
    order = np.lexsort((came, post))
    post, came, left = post[order], came[order], left[order]
    here = _columns(body, posts, post, rng)
    told = [Told(name, came, np.array(values, object)) for name, values in here.items()]
    told += [Told("in_post_from", came, came), Told("in_post_to", left, left)]
    told += version_2(body, here["agency_code"], here["kind"], here["position"], came, left)
    ends = [(period, arrival) for period, arrival in quarter_ends(body, province, days_before=5) if _sent(period)]
    return register("staff", came, told, ends)


def allotted(province: Province) -> list[Post]:
    """The published totals shared out: by weight to departments and districts, nearly evenly to communes."""
    result: list[Post] = []
    for kind, level in (("department", "province"), ("district", "district")):
        bodies = [body for body in province.bodies if body.kind == kind]
        civil = share_out(CIVIL_SERVANTS[level], np.array([PROFILES[b.slug].civil for b in bodies]))
        public = share_out(PUBLIC_EMPLOYEES[level], np.array([PROFILES[b.slug].public for b in bodies]))
        result += [Post(b.code, "civil_servant", int(n)) for b, n in zip(bodies, civil, strict=True)]
        result += [Post(b.code, "public_employee", int(n)) for b, n in zip(bodies, public, strict=True)]
    communes = [unit for body in province.bodies if body.kind == "district" for unit in body.communes]
    weights = province.bodies[0].rng("communes").uniform(0.85, 1.15, len(communes))
    filled = share_out(CIVIL_SERVANTS["commune"], weights)
    return result + [Post(unit, "civil_servant", int(n)) for unit, n in zip(communes, filled, strict=True)]


def _people(posts: list[Post], body: Body, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Post, first and last day (or never) of all: those in post, those who left before, those who come after."""
    filled = np.array([p.filled for p in posts])
    now, gone, coming = (np.repeat(np.arange(len(posts)), np.round(filled * share).astype(int)) for share in (1, LEFT_BEFORE, CAME_AFTER))
    since = np.datetime64(body.since)
    recent = _some_day(rng, len(now), body.since, PUBLISHED_AS_OF, 1)
    came_now = np.where(rng.random(len(now)) < CAME_RECENTLY, recent, _some_day(rng, len(now), CAREERS_BEGIN, FIRST_DAY, 1))
    came_gone = _some_day(rng, len(gone), CAREERS_BEGIN, FIRST_DAY, 1)
    if body.since > FIRST_DAY:
        came_now, came_gone = np.maximum(came_now, since), np.maximum(came_gone, since)
    leave = _some_day(rng, len(now), PUBLISHED_AS_OF, LAST_DAY, 15)
    left_now = np.where(rng.random(len(now)) < LEFT_AFTER, leave, NEVER)
    left_gone = _some_day(rng, len(gone), body.since, PUBLISHED_AS_OF, 15)
    came = np.concatenate([came_now, came_gone, _some_day(rng, len(coming), PUBLISHED_AS_OF, LAST_DAY, 1)])
    left = np.concatenate([left_now, left_gone, np.full(len(coming), NEVER)])
    return np.concatenate([now, gone, coming]), came, left


def _some_day(rng: np.random.Generator, size: int, after: date, until: date, day: int) -> np.ndarray:
    """Random days, always the `day` of a month: from the month after that of `after` to the month of `until`."""
    first, last = (np.datetime64(d, "M").astype(int) for d in (after, until))
    return rng.integers(first + 1, last + 1, size).astype("datetime64[M]").astype("datetime64[D]") + np.timedelta64(day - 1, "D")


def _columns(body: Body, posts: list[Post], post: np.ndarray, rng: np.random.Generator) -> dict[str, list]:
    size = len(post)
    kinds = [posts[n].kind for n in post.tolist()]
    units = [posts[n].unit for n in post.tolist()]
    number = body.code.replace(".", "")
    return {
        "agency_code": units,
        "staff_id": [f"{number}-{n:05d}" for n in range(1, size + 1)],
        "full_name": names(rng, size),
        "kind": kinds,
        "position": _positions(rng, kinds, [unit in body.communes for unit in units]),
    }


def _positions(rng: np.random.Generator, kinds: list[str], in_commune: list[bool]) -> list[str]:
    drawn = {kind: _titles(rng, titles, len(kinds)) for kind, titles in POSITIONS.items()}
    groups = ["commune" if here else kind for kind, here in zip(kinds, in_commune, strict=True)]
    return [drawn[group][n] for n, group in enumerate(groups)]


def _titles(rng: np.random.Generator, titles: dict[str, int], size: int) -> list[str]:
    return np.array(list(titles), object)[choose(rng, list(titles.values()), size)].tolist()


def _sent(period: str) -> bool:
    return period.endswith("Q4") or int(period[:4]) >= QUARTERLY_FROM

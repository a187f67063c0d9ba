"""Posts assigned for the year, targets of streamlining and schemes of job positions, by Sở Nội vụ."""

from collections.abc import Iterator
from datetime import date

from cchc.demo.facts import DESK_POSTS, ONE_STOP_LATER, PUBLISHED_AS_OF
from cchc.demo.province import Body, Province
from cchc.demo.sending import Sending
from cchc.demo.staff import Post, allotted
from cchc.demo.told import Row, after, halves, scored, so_far, some_day, whole

SPARE = {"civil_servant": (0.99, 1.08), "public_employee": (0.995, 1.05)}  # posts for each person in post
BEFORE = {"2012": ("2011",)}  # the first file tells the posts at desks of the year before too: registers reach back to 2011
SCHEME_DAYS = (date(2013, 3, 1), date(2013, 11, 15))


def staff_quota(sender: Body, province: Province) -> Sending:
    """The year's posts of every unit, told again when schemes have been approved."""
    posts = allotted(province)
    owner = {unit: body for body in scored(province) for unit in body.units}
    return whole("staff_quota", halves(sender, province), lambda period, day: _told(sender, posts, owner, period, day))


def _told(sender: Body, posts: list[Post], owner: dict[str, Body], period: str, day: date) -> Iterator[Row]:
    year = period[:4]
    for post in posts:
        if owner[post.unit].since <= day and post.filled:
            yield {"period": year} | so_far(_of_post(sender, post, owner[post.unit]), day)
    for one in (*BEFORE.get(year, ()), year):
        yield from _of_desks(owner, one, day)


def _of_desks(owner: dict[str, Body], year: str, day: date) -> Iterator[Row]:
    """Posts at the one-stop desk: none where there is to be no shop."""
    for unit, body in owner.items():
        if body.since <= day:
            kind = body.kind if unit == body.code else "commune"
            posts = DESK_POSTS[kind] if ONE_STOP_LATER.get(unit, PUBLISHED_AS_OF) else 0
            yield {"agency_code": unit, "period": year, "kind": "one_stop_desk", "quota": posts}


def _of_post(sender: Body, post: Post, body: Body) -> Row:
    rng = sender.rng(f"staff_quota/{post.unit}/{post.kind}")
    scheme = post.unit == body.code and post.kind == "civil_servant"
    submitted = some_day(rng, max(SCHEME_DAYS[0], body.since), SCHEME_DAYS[1])
    approved = after(rng, submitted, 20, 60) if rng.random() < 0.75 else None
    return {
        "agency_code": post.unit, "kind": post.kind, "quota": round(post.filled * rng.uniform(*SPARE[post.kind])),
        "streamlining_target": int(rng.integers(0, 3)) if post.unit == body.code else 0,
        "scheme_required": scheme if post.unit == body.code else None,
        "scheme_submitted_on": submitted if scheme else None, "scheme_approved_on": approved if scheme else None,
    }  # fmt: skip

"""The document system, the mail and the check of portals, by Văn phòng UBND tỉnh: month by month for the 30 bodies."""

from collections.abc import Iterator
from datetime import date

from cchc.demo.facts import PORTAL_SINCE, PROFILES
from cchc.demo.province import Body, Province
from cchc.demo.sending import Sending
from cchc.demo.staff import allotted
from cchc.demo.told import FIRST_YEAR, Row, quarters, scored, whole

ITEMS = 20  # that a portal has to have
MONTHS = 12


def edocument_usage(sender: Body, province: Province) -> Sending:
    """The months of the quarter (the first file: of 2012), and the last month before once more, now complete."""
    people = {post.unit: post.filled for post in allotted(province) if post.kind == "civil_servant"}

    def told(period: str, day: date) -> Iterator[Row]:
        year, quarter = int(period[:4]), int(period[-1])
        last = year * MONTHS + quarter * 3 - 1
        first = year * MONTHS if year == FIRST_YEAR else last - 3
        for month in range(first, last + 1):
            yield from (_row(sender, body, month, people[body.code]) for body in scored(province) if body.since <= _starts(month))

    return whole("edocument_usage", quarters(sender, province), told)


def _starts(month: int) -> date:
    return date(month // MONTHS, month % MONTHS + 1, 1)


def _row(sender: Body, body: Body, month: int, people: int) -> Row:
    """A body's month; electronic sending and mail grow, faster where the body is good at its work."""
    rng = sender.rng(f"edocument_usage/{body.code}/{month}")
    profile, age = PROFILES[body.slug], month - FIRST_YEAR * MONTHS
    sent = int(people * rng.uniform(2.2, 3.2))
    share = min(0.28 + 0.016 * age + profile.online + (profile.on_time - 0.95), 0.98) * rng.uniform(0.96, 1.0)
    mail = min(0.66 + 0.008 * age + (profile.satisfied - 0.8) / 2, 1)
    since = PORTAL_SINCE.get(body.slug)
    works = since is not None and since < _starts(month + 1)
    return {
        "agency_code": body.code, "period": f"{month // MONTHS}-{month % MONTHS + 1:02d}",
        "documents_sent": sent, "documents_sent_electronically": int(sent * share), "documents_signed_digitally": 0,
        "documents_secret": int(rng.integers(0, 6)), "staff": people, "mailboxes_active": round(people * mail),
        "portal_works": works, "portal_items_required": ITEMS if works else None,
        "portal_items_current": round(ITEMS * min(profile.satisfied + 0.06, 1)) if works else None,
        "connected_province": bool(share > 0.4), "connected_national": False,
    }  # fmt: skip

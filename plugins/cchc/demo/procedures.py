"""The invented catalogue of procedures (procedures.csv) and its half-yearly delivery for all three levels.

Codes have the real shape, national part `d.dddddd` and local form `d.dddddd.000.00.00.H52`, in a range of our own.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np

from cchc.demo.calendar import half_ends
from cchc.demo.facts import ONE_STOP_LATER
from cchc.demo.province import Body, Province
from cchc.demo.sending import Delivery, Sending

IN_FORCE_FROM = date(2011, 1, 1)
ONLINE = {"so-thong-tin-truyen-thong": "3", "so-ke-hoach-dau-tu": "3", "so-giao-thong-van-tai": "3", "so-tu-phap": "3"}  # ours
ONLINE_SINCE, ROADMAP_DUE = date(2011, 6, 1), date(2013, 12, 31)
SOME_NOT_ONE_STOP = 0.06  # of a district's procedures, handled outside its one-stop shop


@dataclass(frozen=True)
class Procedure:
    """A procedure; `owner` is a department's slug, `district` or `commune`."""

    code: str
    owner: str
    sector: str
    name: str
    statutory_days: int
    fee: int
    weight: int
    interlinked: bool
    one_stop: bool

    @property
    def local_code(self) -> str:
        """The code as the province writes it."""
        return f"{self.code}.000.00.00.H52"


@lru_cache
def procedures() -> tuple[Procedure, ...]:
    """All procedures of procedures.csv."""
    with open(Path(__file__).with_name("procedures.csv"), encoding="utf-8", newline="") as file:
        return tuple(_procedure(row) for row in csv.DictReader(file))


def handled_by(owner: str) -> list[Procedure]:
    """The procedures of a department's slug, of every `district` or of every `commune`."""
    return [p for p in procedures() if p.owner == owner]


def _procedure(row: dict[str, str]) -> Procedure:
    days, fee, weight = int(row["statutory_days"]), int(row["fee"]), int(row["weight"])
    flags = row["interlinked"] == "true", row["one_stop"] == "true"
    return Procedure(row["code"], row["owner"], row["sector"], row["name"], days, fee, weight, *flags)


def catalogue(sender: Body, province: Province) -> Sending:
    """The whole catalogue near each half-year's end: a row per handling body; for communes one under the province."""
    rows: list[dict] = []
    deliveries = []
    for period, arrival in half_ends(sender, province, days_before=10):
        first = len(rows)
        on = arrival.date()
        rows += [row | _published(body, row, on) for body in province.bodies for row in _rows(body, on)]
        deliveries.append(Delivery(arrival, period, np.arange(first, len(rows))))
    return Sending("procedure_catalogue", {name: [row[name] for row in rows] for name in rows[0]}, deliveries)


def _rows(body: Body, on: date) -> Iterator[dict]:
    if body.kind == "province":
        yield from (_row(p, body.code, "commune", p.one_stop) for p in handled_by("commune"))
    elif body.since <= on:
        shop_since = ONE_STOP_LATER.get(body.code, IN_FORCE_FROM)
        has_shop = shop_since is not None and shop_since <= on
        own = handled_by(body.slug) or handled_by("district")
        outside = body.rng("catalogue").random(len(own)) < (SOME_NOT_ONE_STOP if body.kind == "district" else 0)
        level = "province" if body.kind == "department" else "district"
        for p, left_out in zip(own, outside.tolist(), strict=True):
            yield _row(p, body.code, level, has_shop and p.one_stop and not left_out)


def _row(p: Procedure, agency: str, level: str, one_stop: bool) -> dict:
    return {
        "agency_code": agency, "procedure_code": p.local_code, "name": p.name, "sector": p.sector, "level": level,
        "one_stop": one_stop, "interlinked": p.interlinked, "statutory_days": p.statutory_days, "fee": p.fee,
        "in_force_from": IN_FORCE_FROM, "in_force_to": None,
    }  # fmt: skip


def _published(body: Body, row: dict, on: date) -> dict:
    """Announced, posted, on the web and up for review: what had happened by that day."""
    rng, kind = body.rng(f"published/{row['procedure_code']}"), row["level"]
    from_day = max(IN_FORCE_FROM, body.since)
    good, luck = (body.profile.satisfied if kind != "commune" else 0.85), rng.random(6)
    announced = from_day + timedelta(days=int(rng.integers(3, 15)))
    office, web = (announced + timedelta(days=int(n)) for n in rng.integers(1, 12, 2))
    review_due = date(on.year, 9, 30) if rng.integers(0, 4) == on.year % 4 else None
    reviewed = review_due and review_due - timedelta(days=int(rng.integers(-20, 90)))
    proposed = reviewed and reviewed + timedelta(days=int(rng.integers(5, 20)))
    simplified = proposed and proposed + timedelta(days=int(rng.integers(15, 50)))
    level = ONLINE.get(body.slug, "2") if luck[3] < 0.5 else "2"
    dates = {
        "announced_on": announced,
        "posted_office_on": office if luck[0] < good + 0.12 else None,
        "posted_web_on": web if luck[1] < good + 0.05 else None,
        "online_since": ONLINE_SINCE + timedelta(days=int(rng.integers(0, 700))) if body.kind != "district" else None,
        "reviewed_on": reviewed if luck[4] < good + 0.1 else None,
        "simplification_proposed_on": proposed if luck[4] < 0.45 else None,
        "simplified_on": simplified if luck[4] < 0.3 else None,
    }
    known = {name: day if day and from_day <= day <= on else None for name, day in dates.items()}
    return known | {
        "interlinked_scope": (("same_level", "across_levels")[int(luck[5] < 0.6)] if row["interlinked"] else None),
        "announce_due_on": from_day + timedelta(days=10), "posting_due_on": announced + timedelta(days=10),
        "content_complete": bool(luck[2] < good + 0.1), "review_due_on": review_due,
        "online_level": level if known["online_since"] else None,
        "roadmap_level": "3" if body.slug in ONLINE and luck[3] < 0.6 else None,
        "roadmap_due_on": ROADMAP_DUE if body.slug in ONLINE and luck[3] < 0.6 else None,
    }  # fmt: skip

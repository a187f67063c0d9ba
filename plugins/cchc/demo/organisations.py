"""Half-yearly statements of organisation: one-stop shops, portals and the modern one-stop shop, unit by unit."""

from datetime import date

import numpy as np

from cchc.demo.calendar import half_ends
from cchc.demo.facts import MODERN_ONE_STOP, ONE_STOP_LATER, PORTAL_SINCE
from cchc.demo.province import Body, Province
from cchc.demo.sending import Delivery, Sending

SHOPS_BEGIN, SHOPS_END = (
    date(2004, 1, 1),
    date(2013, 9, 30),
)  # QĐ 181/2003 started them; all that stand in 2013 stood by then


def organisation(body: Body, province: Province) -> Sending:
    """A row per unit at each half-year's end, with what is true on that day."""
    since = dict(zip(body.units, _shop_days(body), strict=True)) | ONE_STOP_LATER
    rows: list[dict] = []
    deliveries = []
    for period, arrival in half_ends(body, province, days_before=4):
        first = len(rows)
        rows += [_row(body, unit, since[unit], arrival.date()) for unit in body.units]
        deliveries.append(Delivery(arrival, period, np.arange(first, len(rows))))
    return Sending("organisation", {name: [row[name] for row in rows] for name in rows[0]}, deliveries)


def _shop_days(body: Body) -> list[date]:
    """When each unit's one-stop shop opened, most of them long ago."""
    rng = body.rng("organisation")
    length = (SHOPS_END - SHOPS_BEGIN).days
    days = (rng.beta(1.2, 2.5, len(body.units)) * length).astype(int)
    return (np.datetime64(SHOPS_BEGIN) + days).astype(object).tolist()


def _row(body: Body, unit: str, shop_since: date | None, on: date) -> dict:
    portal = PORTAL_SINCE.get(body.slug) if unit == body.code else None
    steps = MODERN_ONE_STOP.get(unit, {})
    reached = [step for step in steps.items() if step[0] <= on]
    day, stage = reached[-1] if reached else (None, None)
    return {
        "agency_code": unit,
        "one_stop_since": _if_past(shop_since, on),
        "modern_one_stop_listed": bool(steps) if unit == body.code else None,
        "modern_one_stop_stage": stage,
        "modern_one_stop_live_on": day if stage == "live" else None,
        "portal_since": _if_past(portal, on),
    }


def _if_past(day: date | None, on: date) -> date | None:
    return day if day is not None and day <= on else None

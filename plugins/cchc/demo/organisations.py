"""Half-yearly statements of organisation: one-stop shops, portals and the modern one-stop shop, unit by unit."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from cchc.demo.calendar import half_ends
from cchc.demo.facts import ISO_COMMUNES, ISO_WITHOUT, MODERN_ONE_STOP, ONE_STOP_LATER, PORTAL_SINCE
from cchc.demo.province import Body, Province
from cchc.demo.sending import Delivery, Sending

SHOPS_BEGIN, SHOPS_END = (
    date(2004, 1, 1),
    date(2013, 9, 30),
)  # QĐ 181/2003 started them; all that stand in 2013 stood by then
STAGES = ("scheme", "appraised", "approved", "live")
MODERN_DUE = date(2014, 12, 31)
REQUIRED_M2 = {"department": 40, "district": 80, "commune": 40}  # ours


def organisation(body: Body, province: Province) -> Sending:
    """A row per unit at each half-year's end, with what is true on that day."""
    since = shop_days(body)
    rows: list[dict] = []
    deliveries = []
    for period, arrival in half_ends(body, province, days_before=4):
        first = len(rows)
        rows += [_row(body, unit, since[unit], arrival.date()) for unit in body.units]
        deliveries.append(Delivery(arrival, period, np.arange(first, len(rows))))
    return Sending("organisation", {name: [row.get(name) for row in rows] for name in _names(rows)}, deliveries)


def _names(rows: list[dict]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def shop_days(body: Body) -> dict[str, date | None]:
    """When each unit's one-stop shop opened, most of them long ago; None: it has none."""
    rng = body.rng("organisation")
    length = (SHOPS_END - SHOPS_BEGIN).days
    days = (rng.beta(1.2, 2.5, len(body.units)) * length).astype(int)
    opened = (np.datetime64(SHOPS_BEGIN) + days).astype(object).tolist()
    return dict(zip(body.units, opened, strict=True)) | {unit: ONE_STOP_LATER[unit] for unit in body.units if unit in ONE_STOP_LATER}


def _row(body: Body, unit: str, shop_since: date | None, on: date) -> dict:
    portal = PORTAL_SINCE.get(body.slug) if unit == body.code else None
    steps = MODERN_ONE_STOP.get(unit, {})
    reached = {stage: day for day, stage in steps.items() if day <= on}
    row = {
        "agency_code": unit,
        "one_stop_since": shop_since,
        "modern_one_stop_listed": bool(steps) if unit == body.code else None,
        "modern_one_stop_stage": list(reached)[-1] if reached else None,
        **{f"modern_one_stop_{stage}_on": reached.get(stage) for stage in STAGES},
        "modern_one_stop_due_on": MODERN_DUE if steps else None,
        "portal_since": portal,
        **_desk(body, unit, shop_since),
        **(_of_body(body, on.year) if unit == body.code else {}),
        **_quality(body, unit),
    }
    ahead = {"modern_one_stop_due_on", "iso_valid_to"}
    return {name: value if name in ahead or not isinstance(value, date) else _if_past(value, on) for name, value in row.items()}


def _desk(body: Body, unit: str, shop_since: date | None) -> dict:
    """The one-stop shop's regulation, software, room and equipment; better where people are content."""
    rng, good = body.rng(f"desk/{unit}"), body.profile.satisfied
    if shop_since is None:
        return {}
    own, luck = unit == body.code, rng.random(4)
    required = REQUIRED_M2["commune" if not own else body.kind]
    return {
        "one_stop_regulation_no": f"{int(rng.integers(1, 90)):02d}/QĐ" if luck[0] < good + 0.1 else None,
        "one_stop_regulation_from": shop_since + timedelta(days=int(rng.integers(0, 200))) if luck[0] < good + 0.1 else None,
        "one_stop_software_since": date(2010, 6, 1) + timedelta(days=int(rng.integers(0, 1400)))
        if luck[1] < (0.7 if own else 0.08)
        else None,
        "one_stop_area_m2": Decimal(int(required * rng.uniform(0.8, 1.6))),
        "one_stop_area_required_m2": Decimal(required),
        "one_stop_equipment_complete": bool(luck[2] < good),
    }


def _of_body(body: Body, year: int) -> dict:
    """Working regulation and the yearly review of functions, of the 30 bodies."""
    rng = body.rng("working_regulation")
    since = max(date(2011, 8, 1) + timedelta(days=int(rng.integers(0, 500))), body.since)
    reviewed = body.rng(f"function_review/{year}")
    done = date(year, 3, 1) + timedelta(days=int(reviewed.integers(0, 270)))
    return {
        "working_regulation_no": f"{int(rng.integers(1, 90)):02d}/QĐ",
        "working_regulation_from": since,
        "function_reviewed_on": done if done >= body.since and reviewed.random() < body.profile.plan - 0.05 else None,
    }


def _quality(body: Body, unit: str) -> dict:
    """ISO 9001: 31 certified at the published date; which ones is ours."""
    if unit != body.code and unit not in ISO_COMMUNES:
        return {"iso_required": False}
    certified = max(date(2011, 3, 1) + timedelta(days=int(body.rng(f"iso/{unit}").integers(0, 900))), body.since)
    if unit in ISO_WITHOUT:
        return {"iso_required": True}
    return {"iso_required": True, "iso_certified_on": certified, "iso_valid_to": certified + timedelta(days=3 * 365 + 1)}


def _if_past(day: date, on: date) -> date | None:
    return day if day <= on else None

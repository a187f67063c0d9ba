"""Autonomy and the money of the reform, by Sở Tài chính: bodies as SL-152 counts them, budget lines of ours."""

from collections.abc import Iterator
from datetime import date

import numpy as np

from cchc.demo.facts import AUTONOMOUS, ONE_STOP_LATER, PROFILES
from cchc.demo.province import Body, Province
from cchc.demo.sending import Sending, share_out
from cchc.demo.told import FIRST_YEAR, Row, halves, scored, so_far, some_day, whole

FIRST_DAYS = (date(2006, 1, 1), date(2012, 12, 31))  # autonomy began with decree 130/2005
NOT_YET = 0.02  # entitled, and not under autonomy at the published date
DECREES = {"agency": "130/2005/NĐ-CP", "public_unit": "43/2006/NĐ-CP", "science_unit": "115/2005/NĐ-CP"}
NAMES = {"agency": "Cơ quan hành chính", "public_unit": "Đơn vị sự nghiệp", "science_unit": "Tổ chức khoa học và công nghệ"}
CODES = {"agency": "CQ", "public_unit": "SN", "science_unit": "KH"}
DEGREES = ["full", "recurrent", "partial", "state_funded"]
PURPOSES = {"par": (40, 120), "one_stop": (20, 80), "training": (10, 40), "modernisation": (60, 300)}  # millions a year
MILLION = 1_000_000


def finance_autonomy(sender: Body, province: Province) -> Sending:
    """All bodies and budget lines as they stand at the end of each half-year and year."""
    bodies = list(_bodies(sender, province))
    return whole("finance_autonomy", halves(sender, province), lambda period, day: _told(sender, province, bodies, period, day))


def _told(sender: Body, province: Province, bodies: list[Row], period: str, day: date) -> Iterator[Row]:
    told = period if period.endswith("H1") else period[:4]
    here = {body.code for body in province.bodies if body.since <= day}
    yield from ({"period": told} | so_far(row, day) for row in bodies if row["agency_code"] in here)
    for body in scored(province):
        if body.code in here:
            yield from _budget(sender, body, told)


def _bodies(sender: Body, province: Province) -> Iterator[Row]:
    """The published numbers shared out by level and kind, and some more that are entitled and not there yet."""
    rng = sender.rng("finance_autonomy")
    for (kind, level), total in AUTONOMOUS.items():
        owners = [b for b in scored(province) if b.kind == ("department" if level == "province" else "district")]
        weights = [PROFILES[b.slug].public + PROFILES[b.slug].civil for b in owners]
        waiting = round(total * NOT_YET)
        for body, number, late in zip(owners, share_out(total, weights), share_out(waiting, weights), strict=True):
            for n in range(1, int(number + late) + 1):
                yield _body(rng, body, level, kind, n, n <= number)


def _body(rng: np.random.Generator, body: Body, level: str, kind: str, number: int, autonomous: bool) -> Row:
    if kind == "public_unit" and body.slug == "so-khoa-hoc-cong-nghe":
        kind = "science_unit"
    return {
        "agency_code": body.code, "item_code": f"{body.code}-{CODES[kind]}-{number:03d}", "record": "body",
        "title": f"{NAMES[kind]} số {number} thuộc {body.name} (giả lập)", "level": level, "body_kind": kind, "decree": DECREES[kind],
        "entitled": True, "autonomous_since": some_day(rng, *FIRST_DAYS) if autonomous else None,
        "degree": DEGREES[int(rng.integers(0, 4))] if kind != "agency" and autonomous else None,
    }  # fmt: skip


def _budget(sender: Body, body: Body, period: str) -> Iterator[Row]:
    year, part = int(period[:4]), 0.45 if period.endswith("H1") else 0.97
    rng = sender.rng(f"budget/{body.code}/{year}")
    for number, (purpose, (least, most)) in enumerate(PURPOSES.items(), start=1):
        requested = int(rng.integers(least, most)) * (1 + 0.1 * (year - FIRST_YEAR))
        allocated, spent, missing = requested * rng.uniform(0.7, 1.05), rng.uniform(0.8, 1.0) * part, rng.random()
        if missing < 0.15 and purpose in ("training", "modernisation"):
            continue
        desk = purpose == "one_stop" and body.code not in ONE_STOP_LATER and missing < 0.7
        yield {
            "agency_code": body.code, "period": period, "item_code": f"{body.code}-KP-{number}", "record": "budget",
            "title": f"Kinh phí {period}", "level": "province" if body.kind == "department" else "district", "purpose": purpose,
            "requested": round(requested) * MILLION, "allocated": round(allocated) * MILLION,
            "spent": round(allocated * spent) * MILLION,
            "desk_allowance_decided_on": date(year, 2, int(rng.integers(1, 28))) if desk else None,
        }  # fmt: skip

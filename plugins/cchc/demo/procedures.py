"""The invented catalogue of procedures (procedures.csv) and its half-yearly delivery for all three levels.

Codes have the real shape, national part `d.dddddd` and local form `d.dddddd.000.00.00.H52`, in a range of our own.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np

from cchc.demo.calendar import half_ends
from cchc.demo.facts import ONE_STOP_LATER
from cchc.demo.province import Body, Province
from cchc.demo.sending import Delivery, Sending

IN_FORCE_FROM = date(2011, 1, 1)
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
        rows += [row for body in province.bodies for row in _rows(body, arrival.date())]
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

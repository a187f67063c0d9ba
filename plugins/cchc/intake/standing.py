"""How every source of a province stands: what came last, how fresh it is for its rhythm, what waits in quarantine."""

from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

from cchc.clock import ZONE
from cchc.connectors.sources import Sender, read_sender, sender_files, source_id
from cchc.errors import CchcError
from cchc.settings import Settings

RHYTHM = {"day": 1, "month": 31, "quarter": 92, "half": 184, "year": 366}  # days, the longest of each

CAME = """
with last as (  -- the newest arrival of each source; the same bytes again are an arrival too
  select distinct on (a.source_id) a.source_id, a.delivery_id, a.arrived_at, d.status, d.reason
  from ops.arrival a join ops.delivery d using (delivery_id)
  where d.province = %(province)s and a.arrived_at <= %(as_of)s
  order by a.source_id, a.arrived_at desc, a.delivery_id desc),
open as (
  select d.source_id, count(distinct (q.delivery_id, q.line)) as lines
  from quarantine.row q join ops.delivery d using (delivery_id)
  where d.province = %(province)s and q.state = 'open' group by d.source_id)
select s.source_id, s.feed, s.expected_every, l.delivery_id, l.arrived_at, l.status, l.reason, coalesce(o.lines, 0)
from ops.source s left join last l using (source_id) left join open o using (source_id)
where s.province = %(province)s and s.active
"""
FAILED = """
select distinct on (sender_code) sender_code, state, message from ops.ingest
where province = %(province)s and as_of <= %(as_of)s order by sender_code, started_at desc
"""


class Standing(NamedTuple):
    """One source. `state`: `new` (written, never asked), `absent` (asked, nothing came), the last delivery's status,
    `failed` (its last intake could not ask it, or left files), `broken` (its YAML does not read), `orphan` (no YAML names it)."""

    source: str
    feed: str | None
    state: str
    last_delivery: int | None
    last_arrived: datetime | None
    freshness: str
    open_quarantine: int
    why: str | None


def standings(connection: psycopg.Connection, config: Settings, as_of: datetime) -> list[Standing]:
    """Every source that a sender's YAML names or an intake has met, by its id, as it stands at `as_of`."""
    values = {"province": config.province.name, "as_of": as_of}
    met = {row[0]: row for row in connection.execute(CAME, values)}
    troubles = {sender: message or "" for sender, state, message in connection.execute(FAILED, values) if state == "failed"}
    found: list[Standing] = []
    broken: set[str] = set()
    for path in sender_files(config):
        try:
            found += _of_sender(config, path, read_sender(path), met, troubles.get(path.stem, ""), as_of)
        except CchcError as error:
            broken.add(path.stem)
            found.append(Standing(f"{config.province.name}/{path.stem}", None, "broken", None, None, "–", 0, str(error)))
    named = {one.source for one in found}
    left = [row for identity, row in met.items() if identity not in named and identity.split("/")[1] not in broken]
    return sorted(found + [_met(row, "orphan", "no YAML names it", as_of) for row in left])


def _of_sender(
    config: Settings, path: Path, sender: Sender, met: dict[str, tuple], trouble: str, as_of: datetime
) -> list[Standing]:  # fmt: skip
    def one(name: str) -> Standing:
        identity = source_id(config, path, name)
        why = next((line.partition(": ")[2] for line in trouble.splitlines() if line.startswith((f"{identity}: ", f"{path.stem}: "))), None)
        if identity not in met:
            state = "failed" if why else "new"
            return Standing(identity, sender.sources[name].feed, state, None, None, "nothing yet", 0, why)
        return _met(met[identity], "failed" if why else None, why, as_of)

    return [one(name) for name in sender.sources]


def _met(row: tuple[Any, ...], state: str | None, why: str | None, as_of: datetime) -> Standing:
    identity, feed, every, delivery, arrived, status, reason, lines = row
    return Standing(identity, feed, state or status or "absent", delivery, arrived, freshness(arrived, every, as_of), lines, why or reason)


def freshness(arrived: datetime | None, every: str, as_of: datetime) -> str:
    """How old the newest file is, in days, and whether the next one is overdue by the source's rhythm."""
    if arrived is None:
        return "nothing yet"
    days = (as_of.astimezone(ZONE).date() - arrived.astimezone(ZONE).date()).days
    age = {0: "today", 1: "1 day old"}.get(days, f"{days} days old")
    late = days - RHYTHM[every]
    return f"{age}, every {every}" + (f": overdue by {late} days" if late > 0 else "")

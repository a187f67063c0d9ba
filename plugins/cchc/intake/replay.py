"""Refused rows read again from the kept bytes: what passes under today's contract and units joins its own delivery."""

import getpass
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import psycopg
import pyarrow as pa
import pyarrow.compute as pc

from cchc.clock import now
from cchc.connectors.sources import read_sender, sender_files, source_id
from cchc.contracts import ADVISORY, BLOCKING, contract
from cchc.errors import CchcError, ConfigError
from cchc.intake.accept import ERROR_VI, RAGGED_VI, load, request_for, schema_of
from cchc.intake.book import keep_refused, recount
from cchc.intake.check import Context, check
from cchc.intake.custody import audited_bytes
from cchc.intake.doubles import CONFLICT_VI, settle_doubles
from cchc.intake.form import formed
from cchc.intake.register import known_units
from cchc.intake.store import ByteStore
from cchc.intake.tally import Known, Running
from cchc.intake.words import NO_GOOD_ROW
from cchc.readers import Refusal, Tally, read_rows
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.keys import PERSON, read_key
from cchc.warehouse.locks import night_lock
from cchc.warehouse.quarantine import settle_source
from cchc.warehouse.roles import LOADER

OPEN = """
select d.delivery_id, d.source_id, d.feed, d.contract_version, d.sha256, d.name, d.arrived_at, count(distinct q.line)
from quarantine.row q join ops.delivery d using (delivery_id)
where d.province = %(province)s and q.state = 'open' and (%(delivery)s::bigint is null or d.delivery_id = %(delivery)s)
  and (%(source)s::text is null or strpos(d.source_id, %(source)s) > 0)
group by d.delivery_id order by d.delivery_id"""

# what was refused or held for its bad rows is judged again by the next night, unless a person has spoken
STATUS = f"""
update ops.delivery set status = 'accepted', judged = false, reason = case when reason_rule in ('{ADVISORY}', '{BLOCKING}') then reason end,
  reason_rule = case when reason_rule in ('{ADVISORY}', '{BLOCKING}') then reason_rule end
where delivery_id = %s and rows_accepted + rows_unchanged > 0
  and (status = 'accepted' and reason_rule is distinct from 'person' or status = 'held' or reason_rule = '{NO_GOOD_ROW}')"""


@dataclass(frozen=True)
class Waiting:
    """A delivery with open rows."""

    delivery_id: int
    source_id: str
    feed: str
    contract_version: int
    sha256: str
    file: str
    arrived_at: datetime
    lines: int


@dataclass(frozen=True)
class Replayed:
    """What came of one delivery: open rows before, accepted now; `problem` says why it could not be read again."""

    delivery_id: int
    file: str
    lines: int
    accepted: int
    problem: str | None = None


def replay(config: Settings, delivery: int | None = None, source: str | None = None, dry_run: bool = False) -> list[Replayed]:
    """Read the kept bytes of deliveries with open rows again; each delivery in a transaction of its own, so the same call
    twice changes nothing more. Rows accepted before are left alone, but for a key that now conflicts.

    Raises UnreachableError while a night runs. A delivery that can't be read again (key destroyed, contract version or
    source gone) is told in its `problem` and stays as it is.
    """
    with night_lock(config.province.name):
        with connect(LOADER) as connection:
            values = {"province": config.province.name, "delivery": delivery, "source": source}
            waiting = [Waiting(*row) for row in connection.execute(OPEN, values)]
        if dry_run:  # opening kept bytes is audited, so a dry run opens none
            return [Replayed(one.delivery_id, one.file, one.lines, 0) for one in waiting]
        return [_told(config, one) for one in waiting]


def _told(config: Settings, waiting: Waiting) -> Replayed:
    try:
        accepted = _replay(config, waiting, _context(config, waiting))
    except (Refusal, CchcError) as error:
        return Replayed(waiting.delivery_id, waiting.file, waiting.lines, 0, str(error))
    return Replayed(waiting.delivery_id, waiting.file, waiting.lines, accepted)


def _context(config: Settings, waiting: Waiting) -> Context:
    """Today's source and units, the contract that the delivery was sent under."""
    paths = {source_id(config, path, name): path for path in sender_files(config) for name in [waiting.source_id.rsplit("/", 1)[1]]}
    path = paths.get(waiting.source_id)
    sender = read_sender(path) if path else None
    name = waiting.source_id.rsplit("/", 1)[1]
    if path is None or sender is None or name not in sender.sources:
        raise ConfigError(f"source {waiting.source_id} is in no sender's YAML any more")
    agreed = contract(waiting.feed, waiting.contract_version)
    with connect(LOADER) as connection:
        units = known_units(connection, sender, config.province.name, path.name)
    return Context(
        agreed,
        formed(sender.sources[name], waiting.file, waiting.arrived_at),
        *units.of(agreed),
        waiting.arrived_at,
        read_key(config, PERSON),
    )


def _replay(config: Settings, waiting: Waiting, context: Context) -> int:
    """Returns how many rows are accepted now."""
    agreed, number = context.contract, waiting.delivery_id
    blocks = audited_bytes(ByteStore(config), waiting.sha256, f"delivery {number}", "bytes read again", "quarantine replay")
    with connect(LOADER) as connection:
        connection.execute("select from ops.source where source_id = %s for update", (waiting.source_id,))
        lines = _open_lines(connection, number)
        running, tally = Running(agreed, number, waiting.arrived_at), Tally()
        load(connection, _passing(running, read_rows(blocks, request_for(context.source, agreed), tally), context, lines), agreed)
        dropped = _settle(connection, running, tally, lines)
        still = {entry["line"] for entry in running.quarantine}
        accepted = sorted(set(lines.to_pylist()) - still)
        _close(connection, running, accepted)
        recount(connection, waiting.source_id, number, agreed, dropped)
        if accepted:
            _tell(connection, waiting, len(accepted), len(still))
        settle_source(connection, waiting.source_id, agreed, now())
    return len(accepted)


def _open_lines(connection: psycopg.Connection, number: int) -> pa.Array:
    query = "select distinct line from quarantine.row where delivery_id = %s and state = 'open' order by 1"
    return pa.array([line for (line,) in connection.execute(query, (number,))], pa.int64())


def _passing(running: Running, batches: Iterator[pa.RecordBatch], context: Context, lines: pa.Array) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        chosen = batch.filter(pc.is_in(batch["_line"], lines))
        if chosen.num_rows:
            yield running.take(check(chosen, context), schema_of(context.contract))


def _settle(connection: psycopg.Connection, running: Running, tally: Tally, lines: pa.Array) -> int:
    """The lines that still can't be read, and the doubles that the new rows are with the ones there; returns those dropped."""
    known = set(lines.to_pylist())
    running.refuse_lines({line: Known() for line in tally.ragged if line in known}, "ragged_row", RAGGED_VI)
    running.refuse_lines({line: Known() for line in tally.errors if line in known}, "error_cell", ERROR_VI)
    dropped, conflicts = settle_doubles(connection, running.contract, running.delivery_id)
    running.refuse_lines(conflicts, "conflicting_duplicate", CONFLICT_VI)
    return dropped


def _close(connection: psycopg.Connection, running: Running, accepted: list[int]) -> None:
    """Today's reasons take the place of the old ones; what passed is closed for good."""
    here = {"here": running.delivery_id, "passed": accepted, "at": now()}
    connection.execute(
        "delete from quarantine.row where delivery_id = %(here)s and state = 'open' and line <> all(%(passed)s::bigint[])", here
    )
    keep_refused(connection, running)
    connection.execute(
        """update quarantine.row set state = 'closed', why = 'replayed', closed_by = delivery_id, closed_at = %(at)s
           where delivery_id = %(here)s and state = 'open' and line = any(%(passed)s::bigint[])""",
        here,
    )


def _tell(connection: psycopg.Connection, waiting: Waiting, accepted: int, still: int) -> None:
    """The delivery may count again, the facts are built whole (they follow deliveries, not rows), the audit knows."""
    connection.execute(STATUS, (waiting.delivery_id,))
    province = waiting.source_id.split("/")[0]
    connection.execute("delete from ops.built_cut where province = %s", (province,))
    connection.execute(
        """insert into audit.event (at, who, what, subject, hash_before, reason)
           values (%s, %s, 'quarantine replayed', %s, %s, %s)""",
        (now(), getpass.getuser(), f"delivery {waiting.delivery_id}", waiting.sha256,
         f"{accepted} rows accepted, {still} still open"),
    )  # fmt: skip

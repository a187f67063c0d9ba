"""Bookkeeping of the intake: claims on sources, known files, new deliveries, the state of each ingest."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import psycopg

from cchc.clock import now
from cchc.connectors.offers import Known, Offered
from cchc.connectors.sources import Sender, Source
from cchc.contracts import Contract
from cchc.errors import ConfigError, DataError
from cchc.intake.custody import is_destroyed
from cchc.intake.delivery import Delivery
from cchc.intake.store import ByteStore
from cchc.warehouse.connect import connect
from cchc.warehouse.quarantine import settle_delivery
from cchc.warehouse.query import one
from cchc.warehouse.roles import LOADER

if TYPE_CHECKING:
    import pyarrow as pa  # a quarter of a second of imports, paid where rows are read


@dataclass(frozen=True)
class Claim:
    """A source as an intake finds it: the attempt that fences older workers, the files decided, the newest version accepted."""

    attempt: int
    seen: Known
    newest: datetime | None


def claim_all(connection: psycopg.Connection, province: str, sender: Sender, identities: dict[str, str]) -> dict[str, Claim]:
    """Make a sender's sources known and claim them, in three statements for all: source name → claim."""
    ids, sources = list(identities.values()), [sender.sources[name] for name in identities]
    told = [[getattr(source, word) for source in sources] for word in ("feed", "required", "every")]
    attempts = connection.execute(
        """insert into ops.source (source_id, province, sender_code, feed, required, synthetic, expected_every, attempt)
           select source_id, %s, %s, feed, required, %s, every, 1
           from unnest(%s::text[], %s::text[], %s::boolean[], %s::text[]) as told (source_id, feed, required, every)
           on conflict (source_id) do update set sender_code = excluded.sender_code, feed = excluded.feed,
             required = excluded.required, synthetic = excluded.synthetic, expected_every = excluded.expected_every,
             active = true, attempt = ops.source.attempt + 1
           returning source_id, attempt""",
        (province, sender.sender, sender.synthetic, ids, *told),
    ).fetchall()
    attempt: dict[str, int] = dict(attempts)
    newest, seen = newest_versions(connection, ids), defaultdict[str, Known](set)
    for identity, *file in connection.execute(FILES, (ids,)):
        seen[identity].add(tuple(file))
    return {name: Claim(attempt[identity], seen[identity], newest.get(identity)) for name, identity in identities.items()}


FILES = """select a.source_id, a.name, a.size_bytes, a.modified_at from ops.arrival a join ops.delivery d using (delivery_id)
           where a.source_id = any(%s) and d.status <> 'received'"""


def known_files(connection: psycopg.Connection, identity: str) -> Known:
    """Name, size and time of every file of the source whose delivery was decided; a file left half-way is not among them."""
    return {(name, size, modified) for _, name, size, modified in connection.execute(FILES, ([identity],))}


def newest_version(connection: psycopg.Connection, identity: str) -> datetime | None:
    """The same for one source."""
    return newest_versions(connection, [identity]).get(identity)


def newest_versions(connection: psycopg.Connection, identities: list[str]) -> dict[str, datetime]:
    """The newest version among the accepted rows of each source whose intake notes it: a held delivery is asked for again."""
    return dict(
        connection.execute(
            """select d.source_id, to_timestamp(max(s.value)) from ops.delivery_statistic s join ops.delivery d using (delivery_id)
               where d.source_id = any(%s) and d.status = 'accepted' and s.statistic = 'newest_version' group by 1""",
            (identities,),
        ).fetchall()
    )


def register(store: ByteStore, offer: Offered, identity: str, source: Source, province: str, attempt: int) -> tuple[Delivery, str]:
    """Keep the bytes and enter the delivery; the same bytes again are the delivery that is known already.

    Returns the delivery and its status (`received`: still to be taken in). Raises DataError when another source's bytes
    were destroyed on purpose: they are not kept again by coming a second way.
    """
    digest = store.keep(offer.path)
    if offer.path.stat().st_size != offer.size:
        raise DataError(f"{offer.name} changed while it was read: it is taken when its sender has finished writing it")
    with connect(LOADER) as connection:
        _refuse_destroyed(connection, store, digest, offer, identity)
        connection.execute(
            """insert into ops.delivery (source_id, province, feed, contract_version, sha256, name, size_bytes, arrived_at, received_at,
                 status) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'received') on conflict (source_id, sha256) do nothing""",
            (identity, province, source.feed, source.contract, digest, offer.name, offer.size, offer.arrived_at, now()),
        )
        number, arrived_at, status = one(
            connection.execute(
                "select delivery_id, arrived_at, status from ops.delivery where source_id = %s and sha256 = %s", (identity, digest)
            )
        )
        connection.execute(
            "insert into ops.arrival values (%s, %s, %s, %s, %s, %s) on conflict do nothing",
            (identity, offer.name, offer.size, offer.modified_at, offer.arrived_at, number),
        )
        if status != "received":
            settle_delivery(connection, number, now())  # the same bytes again count as what the sender says now
    return Delivery(number, identity, digest, arrived_at, attempt), status


def _refuse_destroyed(connection: psycopg.Connection, store: ByteStore, digest: str, offer: Offered, identity: str) -> None:
    """Bytes that were destroyed on purpose go again, kept a moment ago under a new key; the source that had sent them may name them."""
    if not is_destroyed(connection, digest):
        return
    store.destroy(digest)
    known = connection.execute("select from ops.delivery where (source_id, sha256) = (%s, %s)", (identity, digest)).fetchone()
    if known is None:
        raise DataError(f"{offer.name}: these bytes were destroyed on purpose, and are not kept again; remove the file from the inbox")


def refuse_synthetic(connection: psycopg.Connection, sender: Sender, province: str, name: str) -> None:
    """No made-up row enters a real province: a synthetic sender needs reference.setting synthetic = true."""
    row = connection.execute("select value from reference.setting where province = %s and name = 'synthetic'", (province,)).fetchone()
    if sender.synthetic and (row is None or row[0] != "true"):
        raise ConfigError(f"{name}: synthetic data are refused, for province {province} is a real one (setting synthetic)")


@dataclass(frozen=True)
class Units:
    """The official codes that a sender's rows may name: all there are, its own, and its province's."""

    every: list[str]
    own: list[str]
    province: list[str]

    def of(self, agreed: Contract) -> "tuple[pa.Array, pa.Array]":
        """All codes, and those that rows of this contract may speak of (`scope:`)."""
        import pyarrow as pa

        within = self.province if agreed.scope == "province" else self.own
        return pa.array(self.every, pa.string()), pa.array(within, pa.string())


def known_units(connection: psycopg.Connection, sender: Sender, province: str, name: str) -> Units:
    """What `own_units` says, beside all units and those of the province. Raises ConfigError when the sender is no unit."""
    rows = connection.execute("select agency_code, province from reference.unit").fetchall()
    within = [row[0] for row in rows if row[1] == province]
    return Units([row[0] for row in rows], own_units(connection, sender, name), within)


def own_units(connection: psycopg.Connection, sender: Sender, name: str) -> list[str]:
    """The sender's unit and all units under it. Raises ConfigError when the sender is no unit."""
    rows = connection.execute(
        """with recursive below as (
             select agency_code from reference.unit where agency_code = %s
             union select u.agency_code from reference.unit u join below b on u.parent_code = b.agency_code)
           select agency_code from below""",
        (sender.sender,),
    ).fetchall()
    if not rows:
        raise ConfigError(f"{name}: sender {sender.sender} is not in reference/unit.csv; add it there or correct `sender:`")
    return [row[0] for row in rows]


@contextmanager
def noted(province: str, sender: str, as_of: datetime, failures: dict[str, str]) -> Iterator[None]:
    """Write the ingest's start and end to ops.ingest; what `failures` holds at the end is its message.

    Meanwhile a session holds a lock that ends with this process, wherever it runs: `broken_off` sees who was killed.
    """
    with connect(LOADER, autocommit=True) as session:
        session.execute("select pg_advisory_lock_shared(hashtext(%s))", (_lock_name(province, sender),))
        try:
            yield from _noted(session, (province, sender, as_of), failures)
        finally:
            session.execute("select pg_advisory_unlock_shared(hashtext(%s))", (_lock_name(province, sender),))


def broken_off(connection: psycopg.Connection, province: str) -> dict[str, datetime]:
    """Senders whose newest ingest says `running` while no process holds its lock: sender → when it began."""
    query = """select distinct on (sender_code) sender_code, started_at, state from ops.ingest where province = %s
               order by sender_code, started_at desc"""
    running = [row[0] for row in connection.execute(query, (province,)) if row[2] == "running"]
    gone = [sender for sender in running if not _is_held(connection, _lock_name(province, sender))]
    still = {row[0]: row[1] for row in connection.execute(query, (province,)) if row[2] == "running"}  # it may have ended meanwhile
    return {sender: still[sender] for sender in gone if sender in still}


def _lock_name(province: str, sender: str) -> str:
    return f"cchc ingest {province} {sender}"


def _is_held(connection: psycopg.Connection, name: str) -> bool:
    """Whether anybody holds the lock; it is given back at once."""
    if not one(connection.execute("select pg_try_advisory_lock(hashtext(%s))", (name,)))[0]:
        return True
    connection.execute("select pg_advisory_unlock(hashtext(%s))", (name,))
    return False


def _noted(session: psycopg.Connection, key: tuple[str, str, datetime], failures: dict[str, str]) -> Iterator[None]:
    session.execute(
        """insert into ops.ingest values (%s, %s, %s, %s, null, 'running', null) on conflict (province, sender_code, as_of)
           do update set started_at = excluded.started_at, ended_at = null, state = 'running', message = null""",
        (*key, now()),
    )
    yield
    session.execute(
        "update ops.ingest set ended_at = %s, state = %s, message = %s where (province, sender_code, as_of) = (%s, %s, %s)",
        (now(), "failed" if failures else "done", "\n".join(f"{k}: {v}" for k, v in failures.items()) or None, *key),
    )

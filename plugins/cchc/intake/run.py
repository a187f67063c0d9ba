"""A sender's intake: what its sources offer, kept, registered and taken in, each source isolated (decision 10)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import psycopg
import pyarrow as pa

from cchc.connectors.file_drop import offered
from cchc.connectors.sources import Sender, Source, read_sender, sender_files, source_id
from cchc.contracts import contract
from cchc.errors import CchcError
from cchc.intake.accept import Delivery, accept
from cchc.intake.check import Context
from cchc.intake.register import claim, known_files, noted, own_units, refuse_synthetic, register
from cchc.intake.store import ByteStore
from cchc.readers import Refusal
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.keys import PERSON, read_key
from cchc.warehouse.roles import LOADER


@dataclass
class IngestResult:
    """What one sender's intake did: delivery id → status, and what failed by source."""

    sender: str
    deliveries: dict[int, str] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)


def ingest_all(config: Settings, as_of: datetime) -> list[IngestResult]:
    """Take in every sender of the province, `intake_workers` at a time; a broken sender stops no other.

    Threads are enough: reading is done in child processes, casting and COPY in native code.
    """
    with ThreadPoolExecutor(config.intake_workers, "intake") as workers:
        return list(workers.map(lambda path: ingest_sender(config, path, as_of), sender_files(config)))


def ingest_sender(config: Settings, path: Path, as_of: datetime) -> IngestResult:
    """Take in what one sender's sources offer up to `as_of`. Bytes already known cost nothing.

    A source that fails is told in `failures` and in ops.ingest; its other sources go on.
    """
    result = IngestResult(path.stem)
    with noted(config.province.name, path.stem, as_of, result.failures):
        try:
            sender = read_sender(path)
            with connect(LOADER) as connection:
                refuse_synthetic(connection, sender, config.province.name, path.name)
                own = own_units(connection, sender, path.name)
                every = pa.array([r[0] for r in connection.execute("select agency_code from reference.unit")])
        except CchcError as error:
            result.failures[path.stem] = str(error)
            return result
        for name, source in sender.sources.items():
            _ingest_source(config, path, name, sender, source, (every, own), as_of, result)
    return result


def waiting(config: Settings, path: Path, as_of: datetime) -> list[str]:
    """The files that `ingest_sender` would read now, by name; nothing is changed. Raises what reading the sender raises."""
    found = []
    for name, source in read_sender(path).sources.items():
        with connect(LOADER) as connection:
            seen = known_files(connection, source_id(config, path, name))
        offers = offered(source.connect, config.inbox_path, as_of)
        found += [offer.name for offer in offers if (offer.name, offer.size, offer.modified_at) not in seen]
    return found


def _ingest_source(
    config: Settings, path: Path, name: str, sender: Sender, source: Source, units: tuple, as_of: datetime, result: IngestResult
) -> None:  # fmt: skip
    identity = source_id(config, path, name)
    try:
        agreed = contract(source.feed, source.contract)
        with connect(LOADER) as connection:
            attempt = claim(connection, identity, config.province.name, sender, source)
            seen = known_files(connection, identity)
        fresh = [o for o in offered(source.connect, config.inbox_path, as_of) if (o.name, o.size, o.modified_at) not in seen]
        store = ByteStore(config)
        for offer in fresh:
            delivery, status = register(store, offer, identity, source, config.province.name, attempt)
            if status == "received":
                context = Context(agreed, source, units[0], units[1], offer.arrived_at, read_key(config, PERSON))
                status = _take_in(delivery, context, store)
            result.deliveries[delivery.delivery_id] = status
    except (CchcError, psycopg.Error, OSError) as error:
        result.failures[identity] = str(error)


def _take_in(delivery: Delivery, context: Context, store: ByteStore) -> str:
    try:
        accept(delivery, context, store)
    except Refusal as refusal:
        with connect(LOADER) as connection:
            connection.execute(
                "update ops.delivery set status = 'refused', reason_rule = %s, reason = %s where delivery_id = %s",
                (refusal.rule, refusal.message_vi, delivery.delivery_id),
            )
        return "refused"
    return "accepted"

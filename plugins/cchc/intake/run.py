"""A sender's intake: what its sources offer, kept, registered and taken in, each source isolated (decision 10)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import psycopg
from adbc_driver_postgresql import dbapi as adbc

from cchc.connectors import file_drop, upload
from cchc.connectors.gather import gathered
from cchc.connectors.offers import Offered
from cchc.connectors.sources import FileDrop, Sender, Source, Upload, read_sender, sender_files, source_id
from cchc.contracts import attachment, attachments, contract
from cchc.errors import CchcError
from cchc.intake.accept import Delivery, Outcome, accept
from cchc.intake.attachment import take_attachment
from cchc.intake.check import Context
from cchc.intake.register import Units, claim, known_files, known_units, newest_version, noted, refuse_synthetic, register
from cchc.intake.slips import write_slips
from cchc.intake.store import ByteStore
from cchc.readers import Refusal
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.keys import PERSON, read_key
from cchc.warehouse.roles import LOADER
from cchc.warehouse.sum_up import sum_up

MOST_NAMED = 5


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
                units = known_units(connection, sender, config.province.name, path.name)
        except CchcError as error:
            result.failures[path.stem] = str(error)
            return result
        for name, source in sender.sources.items():
            _ingest_source(config, path, name, sender, source, units, as_of, result)
        if result.deliveries:
            sum_up({source.feed for source in sender.sources.values()} - set(attachments()))
        try:
            write_slips(config, result.deliveries)
        except OSError as error:
            result.failures[f"{path.stem} (slips)"] = str(error)
    return result


def waiting(config: Settings, path: Path, as_of: datetime) -> list[str]:
    """The files in the inboxes that `ingest_sender` would read now, by name; nothing is changed, and no server is asked.

    Raises what reading the sender raises.
    """
    found = []
    for name, source in read_sender(path).sources.items():
        identity = source_id(config, path, name)
        if isinstance(source.connect, FileDrop):
            offers = file_drop.offered(source.connect, config.inbox_path, as_of)
        elif isinstance(source.connect, Upload):
            offers = upload.offered(config, identity, as_of)
        else:
            continue  # to know what it has would be to fetch it
        with connect(LOADER) as connection:
            seen = known_files(connection, identity)
        found += [offer.name for offer in offers if not offer.is_known(seen)]
    return found


def _ingest_source(
    config: Settings, path: Path, name: str, sender: Sender, source: Source, units: Units, as_of: datetime, result: IngestResult
) -> None:  # fmt: skip
    identity = source_id(config, path, name)
    try:
        with connect(LOADER) as connection:
            attempt = claim(connection, identity, config.province.name, sender, source)
            seen, newest = known_files(connection, identity), newest_version(connection, identity)
        store = ByteStore(config)
        with gathered(config, identity, source, seen, newest, as_of) as found:
            for offer in found.offers:
                delivery, status = register(store, offer, identity, source, config.province.name, attempt)
                if status == "received":
                    status = _take_in(delivery, _taker(config, sender, source, units, offer), store)
                result.deliveries[delivery.delivery_id] = status
            if found.left:
                result.failures[identity] = left_alone(found.left)
    except (CchcError, psycopg.Error, adbc.Error, OSError) as error:
        result.failures[identity] = str(error)


def left_alone(left: list[str]) -> str:
    """What was not touched, in a line: the rest was taken in."""
    more = f" (and {len(left) - MOST_NAMED} more)" if len(left) > MOST_NAMED else ""
    return "; ".join(left[:MOST_NAMED]) + more


def _taker(config: Settings, sender: Sender, source: Source, units: Units, offer: Offered) -> Callable[[Delivery, ByteStore], object]:
    """What takes in one of the source's deliveries: rows against their contract, or a file that is kept as it came."""
    if source.feed in attachments():
        return lambda delivery, store: take_attachment(delivery, attachment(source.feed), sender.sender, offer.size, store)
    agreed = contract(source.feed, source.contract)
    context = Context(agreed, source, *units.of(agreed), offer.arrived_at, read_key(config, PERSON))
    return lambda delivery, store: accept(delivery, context, store)


def _take_in(delivery: Delivery, take: Callable[[Delivery, ByteStore], object], store: ByteStore) -> str:
    try:
        outcome = take(delivery, store)
    except Refusal as refusal:
        with connect(LOADER) as connection:
            connection.execute(
                "update ops.delivery set status = 'refused', reason_rule = %s, reason = %s where delivery_id = %s",
                (refusal.rule, refusal.message_vi, delivery.delivery_id),
            )
        return "refused"
    return outcome.status if isinstance(outcome, Outcome) else "accepted"

"""A sender's intake: what its sources offer, kept, registered and taken in, each source isolated (decision 10)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import psycopg

from cchc.connectors import file_drop, upload
from cchc.connectors.gather import gathered
from cchc.connectors.links import Links
from cchc.connectors.sources import FileDrop, Sender, Source, Upload, read_sender, sender_files, source_id
from cchc.contracts import attachments
from cchc.errors import CchcError
from cchc.intake.register import Claim, Units, claim_all, known_files, known_units, noted, refuse_synthetic, register
from cchc.intake.slips import write_slips
from cchc.intake.store import ByteStore
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.roles import LOADER
from cchc.warehouse.sum_up import sum_up

MOST_NAMED = 5


@dataclass
class IngestResult:
    """What one sender's intake did: delivery id → status, and what failed by source."""

    sender: str
    deliveries: dict[int, str] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    loaded: set[str] = field(default_factory=set)  # the feeds of the deliveries that were taken in


@dataclass(frozen=True)
class Sending:
    """What the intake of one sender knows for all of its sources."""

    config: Settings
    path: Path
    sender: Sender
    units: Units
    as_of: datetime
    links: Links


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
                claims = claim_all(
                    connection, config.province.name, sender, {name: source_id(config, path, name) for name in sender.sources}
                )
        except CchcError as error:
            result.failures[path.stem] = str(error)
            return result
        with Links() as links:
            sending = Sending(config, path, sender, units, as_of, links)
            for name, source in sender.sources.items():
                _ingest_source(sending, name, source, claims[name], result)
        sum_up(sorted(result.loaded - set(attachments())))
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


def _ingest_source(sending: Sending, name: str, source: Source, claim: Claim, result: IngestResult) -> None:
    config, identity = sending.config, source_id(sending.config, sending.path, name)
    try:
        with gathered(config, identity, source, claim.seen, claim.newest, sending.as_of, sending.links) as found:
            for offer in found.offers:
                delivery, status = register(ByteStore(config), offer, identity, source, config.province.name, claim.attempt)
                if status == "received":
                    from cchc.intake.take import take  # nearly a second of imports that a night without news does without

                    status = take(config, sending.sender, source, sending.units, offer, delivery)
                    result.loaded.add(source.feed)
                result.deliveries[delivery.delivery_id] = status
            if found.left:
                result.failures[identity] = left_alone(found.left)
    except (CchcError, psycopg.Error, OSError) as error:
        result.failures[identity] = str(error)


def left_alone(left: list[str]) -> str:
    """What was not touched, in a line: the rest was taken in."""
    more = f" (and {len(left) - MOST_NAMED} more)" if len(left) > MOST_NAMED else ""
    return "; ".join(left[:MOST_NAMED]) + more

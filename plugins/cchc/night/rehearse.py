"""Check before you send: what a night would say of one file, by the night's own steps in a transaction that is rolled back."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatch
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

import psycopg

from cchc.connectors.sources import FileDrop, Place, read_sender, sender_files, source_id
from cchc.contracts import attachments, contract
from cchc.errors import CchcError, ConfigError
from cchc.intake.accept import take_in
from cchc.intake.check import Context
from cchc.intake.delivery import Delivery
from cchc.intake.form import formed
from cchc.intake.register import known_units, refuse_synthetic
from cchc.quality.deliveries import judge
from cchc.quality.suites import Verdict
from cchc.readers import Refusal
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.keys import PERSON, read_key
from cchc.warehouse.roles import LOADER

BLOCK = 1 << 20
FIRST_NUMBER = 1 << 62  # a delivery that never was takes no number of the real ones, and is the newest

SOURCE = """
insert into ops.source (source_id, province, sender_code, feed, required, synthetic, expected_every)
values (%s, %s, %s, %s, false, false, 'day') on conflict do nothing"""
DELIVERY = """
insert into ops.delivery (delivery_id, source_id, province, feed, contract_version, sha256, name, size_bytes, arrived_at, received_at,
  status) overriding system value
values (%(delivery)s, %(source)s, %(province)s, %(feed)s, %(contract)s, %(sha256)s, %(name)s, %(size)s, %(at)s, %(at)s, 'received')"""


@dataclass(frozen=True)
class Verdicts:
    """What the night would say: the delivery's status and reason, its counts, one entry per refused row and broken rule.

    `known`: number and status of the delivery, when these very bytes came before.
    """

    source_id: str
    context: Context
    status: str
    reason_rule: str | None = None
    reason: str | None = None
    counts: dict[str, int | bool] = field(default_factory=dict)
    entries: list[dict[str, Any]] = field(default_factory=list)
    known: tuple[int, str] | None = None
    assumed: tuple[str, ...] = ()  # what the file could have meant otherwise


def rehearse(config: Settings, file: Path, wanted: str | None, as_of: datetime) -> Verdicts:
    """Take `file` in as a delivery of its source that arrives at `as_of`, judge it, and roll everything back.

    `wanted`: sender/source; without it the source whose glob fits the file. Raises ConfigError when that is not one.
    """
    place = find_source(config, file, wanted)
    identity = place.source_id
    digest = sha256(file.read_bytes()).hexdigest()
    with connect(LOADER) as connection:
        refuse_synthetic(connection, place.sender, config.province.name, place.path.name)
        units = known_units(connection, place.sender, config.province.name, place.path.name)
        query = "select delivery_id, status from ops.delivery where source_id = %s and sha256 = %s"
        known = connection.execute(query, (identity, digest)).fetchone()
    agreed = contract(place.source.feed, place.source.contract)
    context = Context(agreed, formed(place.source, file.name, as_of), *units.of(agreed), as_of, read_key(config, PERSON))
    number = FIRST_NUMBER + secrets.randbelow(1 << 40)
    delivery = Delivery(number, identity, secrets.token_hex(32) if known else digest, as_of, 0)
    with connect(LOADER) as connection, connection.transaction(force_rollback=True):
        _enter(connection, config, place, delivery, file)
        return _taken(connection, config, delivery, context, file, known)


def _enter(connection: psycopg.Connection, config: Settings, place: Place, delivery: Delivery, file: Path) -> None:
    province, feed = config.province.name, place.source.feed
    connection.execute(SOURCE, (delivery.source_id, province, place.sender.sender, feed))
    connection.execute(
        DELIVERY,
        {"delivery": delivery.delivery_id, "source": delivery.source_id, "province": province, "feed": feed,
         "contract": place.source.contract, "sha256": delivery.sha256, "name": file.name, "size": file.stat().st_size,
         "at": delivery.arrived_at},
    )  # fmt: skip


def _taken(
    connection: psycopg.Connection, config: Settings, delivery: Delivery, context: Context, file: Path, known: tuple | None
) -> Verdicts:
    try:
        outcome = take_in(connection, delivery, context, _blocks(file))
    except Refusal as refusal:
        return Verdicts(delivery.source_id, context, "refused", refusal.rule, refusal.message_vi, known=known)
    held = _held(connection, config, delivery) if outcome.status == "accepted" else None
    status, rule, reason = ("held", held.expectation, held.message_vi) if held else (outcome.status, outcome.reason_rule, outcome.reason)
    return Verdicts(delivery.source_id, context, status, rule, reason, outcome.counts, outcome.entries, known, outcome.assumed)


def _held(connection: psycopg.Connection, config: Settings, delivery: Delivery) -> Verdict | None:
    """The verdict that would hold the delivery, judged with all that waits to be judged."""
    found: dict[int, Verdict] = {}

    def hold(number: int, verdict: Verdict) -> None:
        found[number] = verdict
        connection.execute("update ops.delivery set status = 'held' where delivery_id = %s", (number,))

    judge(connection, config, delivery.arrived_at, hold)
    return found.get(delivery.delivery_id)


def _blocks(file: Path) -> Iterator[bytes]:
    with open(file, "rb") as opened:
        while block := opened.read(BLOCK):
            yield block


def find_source(config: Settings, file: Path, wanted: str | None) -> Place:
    """The source of a file: the one named, or the only one that takes files of this name."""
    found = {f"{place.path.stem}/{place.name}": place for place in _places(config) if _fits(config, place, file, wanted)}
    if len(found) == 1:
        return next(iter(found.values()))
    choice = ", ".join(sorted(found)) or "none"
    raise ConfigError(f"{file.name}: sources that it may belong to: {choice}; name one with --source SENDER/SOURCE")


def _places(config: Settings) -> Iterator[Place]:
    for path in sender_files(config):
        try:
            sender = read_sender(path)
        except CchcError:
            continue  # a broken YAML of another sender is that sender's trouble
        for name, source in sender.sources.items():
            if source.feed not in attachments():
                yield Place(path, name, sender, source, source_id(config, path, name))


def _fits(config: Settings, place: Place, file: Path, wanted: str | None) -> bool:
    if wanted:
        return wanted in (f"{place.path.stem}/{place.name}", place.source_id)
    if not isinstance(place.source.connect, FileDrop):
        return False
    glob, inbox = PurePosixPath(place.source.connect.glob), config.inbox_path.resolve()
    if file.resolve().is_relative_to(inbox):
        return file.resolve().relative_to(inbox).match(str(glob))
    return fnmatch(file.name, glob.name)

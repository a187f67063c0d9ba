"""Who opens kept bytes outside the intake's own reading, and how they are destroyed: always with a reason, always audited."""

import getpass
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from cchc.clock import now
from cchc.errors import ConfigError, DataError
from cchc.intake.store import ByteStore
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.roles import LOADER


@dataclass(frozen=True)
class Kept:
    """A delivery's bytes, as the books know them."""

    delivery_id: int
    sha256: str
    status: str
    province: str
    destroyed: bool


def open_bytes(config: Settings, number: int, out: Path, reason: str, dry_run: bool = False) -> int:
    """Write a delivery's plain bytes to the new file `out`, for its owner alone; returns their number.

    Raises ConfigError for an unknown delivery, an empty reason or a file that is there, DataError when the key is gone.
    """
    kept = _kept(config.province.name, number, reason)
    if out.exists():
        raise ConfigError(f"{out} is there: name a new file")
    if dry_run:
        return 0
    blocks = audited_bytes(ByteStore(config), kept.sha256, f"delivery {number}", "bytes opened", reason)
    first = next(blocks, b"")  # before the file is made: bytes that don't open leave none behind
    with os.fdopen(os.open(out, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as file:
        return file.write(first) + sum(file.write(block) for block in blocks)


def audited_bytes(store: ByteStore, digest: str, subject: str, what: str, reason: str) -> Iterator[bytes]:
    """The plain bytes, after the audit has taken down who opens them, what for, and their hash.

    For every reading but the intake's own first one: opening by a person, replay, check. The event stands, committed,
    before the first byte is out, and also when the bytes then turn out to be unreadable.
    """
    with connect(LOADER) as connection:
        _audit(connection, what, subject, digest, reason)
    yield from store.read(digest)


def destroy_bytes(config: Settings, number: int, reason: str, dry_run: bool = False) -> Kept:
    """Destroy the key and the bytes of a delivery; what stays is the hash, a tombstone and every figure made from it.

    The tombstone is committed first: killed in between, the same call finishes. Deliveries of the same bytes lose theirs
    too. Raises ConfigError for an unknown delivery or an empty reason, DataError while it is not taken in yet.
    """
    kept = _kept(config.province.name, number, reason)
    if kept.status == "received":
        raise DataError(f"delivery {number} is not taken in yet: run `cchc run ingest` first, or remove its file from the inbox")
    if not dry_run:
        if not kept.destroyed:
            _bury(kept, reason)
        ByteStore(config).destroy(kept.sha256)
    return kept


def is_destroyed(connection: psycopg.Connection, digest: str) -> bool:
    """Whether these bytes were destroyed on purpose; they are not kept a second time then."""
    return connection.execute("select from ops.destroyed_bytes where sha256 = %s", (digest,)).fetchone() is not None


def _bury(kept: Kept, reason: str) -> None:
    with connect(LOADER) as connection:
        connection.execute(
            "insert into ops.destroyed_bytes values (%s, %s, %s, %s, %s, %s) on conflict do nothing",
            (kept.sha256, kept.province, kept.delivery_id, now(), getpass.getuser(), reason),
        )
        _audit(connection, "bytes destroyed", f"delivery {kept.delivery_id}", kept.sha256, reason)


def _kept(province: str, number: int, reason: str) -> Kept:
    if not reason.strip():
        raise ConfigError("kept bytes are opened or destroyed for a reason: --reason '...'")
    query = """select d.delivery_id, d.sha256, d.status, d.province, b.sha256 is not null
               from ops.delivery d left join ops.destroyed_bytes b using (sha256) where d.delivery_id = %s and d.province = %s"""
    with connect(LOADER) as connection:
        row = connection.execute(query, (number, province)).fetchone()
    if row is None:
        raise ConfigError(f"there is no delivery {number} in {province}: see `cchc delivery list`")
    return Kept(*row)


def _audit(connection: psycopg.Connection, what: str, subject: str, digest: str, reason: str) -> None:
    connection.execute(
        "insert into audit.event (at, who, what, subject, hash_before, reason) values (%s, %s, %s, %s, %s, %s)",
        (now(), getpass.getuser(), what, subject, digest, reason),
    )

"""Files handed in for a source: kept in an inbox of its own under the home, whole or not at all, until an intake takes them."""

import os
import secrets
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, NamedTuple

from cchc.clock import ZONE
from cchc.connectors.offers import Offered, in_order, is_under_way, leads_elsewhere, told
from cchc.connectors.sources import Upload
from cchc.errors import ConfigError, DataError
from cchc.settings import Settings

BLOCK = 1 << 20
LONGEST_NAME = 150  # signs; with the stamp before it a file system takes it in any script
STAMP = "%Y-%m-%dT%H%M%S.%f"


class Handed(NamedTuple):
    """What was handed in: the name it has in the inbox, its hash and its size."""

    name: str
    sha256: str
    size: int


def inbox_of(config: Settings, source_id: str) -> Path:
    """The inbox of one source."""
    return config.home / "uploads" / source_id


def hand_in(config: Settings, source_id: str, declared: Upload, name: str, content: BinaryIO, moment: datetime) -> Handed:
    """Keep `content` under `name` for the next intake; it is there as a whole when this returns, and else not at all.

    Raises ConfigError for a name that is no plain file's, DataError for an empty file or one above the source's limit.
    """
    kept = f"{moment.astimezone(ZONE):{STAMP}}_{plain_name(name)}"
    inbox = inbox_of(config, source_id)
    inbox.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside, total = inbox / f".{secrets.token_hex(8)}.part", sha256()
    try:
        with os.fdopen(os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as file:
            for block in _within(content, declared.megabytes << 20, name):
                total.update(block)
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        beside.rename(inbox / kept)
    finally:
        beside.unlink(missing_ok=True)
    return Handed(kept, total.hexdigest(), size)


def plain_name(name: str) -> str:
    """The name in NFC. Raises ConfigError for a path, a hidden or unfinished file's name, or odd signs."""
    name = unicodedata.normalize("NFC", name)
    if "/" in name or leads_elsewhere(name) or is_under_way(name) or len(name) > LONGEST_NAME or len(name.encode()) > LONGEST_NAME + 50:
        raise ConfigError(f"{told(name)} is no name for a file to hand in: letters, digits and signs, no path, {LONGEST_NAME} at most")
    return name


def offered(config: Settings, source_id: str, as_of: datetime) -> list[Offered]:
    """What was handed in up to `as_of` and not taken in yet, in order of arrival."""
    inbox = inbox_of(config, source_id)
    files = [path for path in inbox.iterdir() if path.is_file() and not is_under_way(path.name)] if inbox.is_dir() else []
    return in_order(map(_offer, files), as_of)


def forget(offers: list[Offered]) -> None:
    """Remove what was taken in: its bytes are sealed in the store."""
    for offer in offers:
        offer.path.unlink(missing_ok=True)


def _offer(path: Path) -> Offered:
    arrived = datetime.strptime(path.name.partition("_")[0], STAMP).replace(tzinfo=ZONE)
    return Offered(path.name, path, path.stat().st_size, arrived, arrived)


def _within(content: BinaryIO, limit: int, name: str) -> Iterator[bytes]:
    size = 0
    while block := content.read(BLOCK):
        size += len(block)
        if size > limit:
            raise DataError(f"{told(name)} is larger than {limit >> 20} MB: split it, or raise `megabytes` of the source")
        yield block
    if not size:
        raise DataError(f"{told(name)} is empty: hand in the file with its data")

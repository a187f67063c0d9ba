"""What a source offers now, whatever it is connected by."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TypeVar

from cchc.errors import ConfigError

Entry = TypeVar("Entry")  # how a kind of source lists one file
Known = set[tuple[str, int, datetime]]  # name, size and time of the files whose delivery was decided

# what programs name a file until it is whole
UNDER_WAY = {".part", ".filepart", ".partial", ".tmp", ".crdownload", ".download", ".swp", ".upload"}


@dataclass(frozen=True)
class Offered:
    """One file of a source, here to be read; `modified_at` with name and size tells whether we have seen it."""

    name: str
    path: Path
    size: int
    modified_at: datetime
    arrived_at: datetime

    def is_known(self, seen: Known) -> bool:
        """Whether the delivery of this very file was decided before."""
        return (self.name, self.size, self.modified_at) in seen


class Found(NamedTuple):
    """What a source has for us: `offers` in order of arrival; `left` says, one sentence each, what was not touched and why."""

    offers: list[Offered]
    left: list[str]


def gathered_up(listed: Iterable[Entry], offer: Callable[[Entry], Offered], as_of: datetime) -> Found:
    """What was listed, as offers that had arrived by `as_of`, in order of arrival; a ConfigError of one leaves that one alone."""
    offers, left = [], []
    for entry in listed:
        try:
            offers.append(offer(entry))
        except ConfigError as error:
            left.append(str(error))
    return Found(in_order(offers, as_of), sorted(left))


def in_order(offers: Iterable[Offered], as_of: datetime) -> list[Offered]:
    """Those that had arrived by `as_of`, in order of arrival."""
    return sorted((offer for offer in offers if offer.arrived_at <= as_of), key=lambda offer: (offer.arrived_at, offer.name))


def is_under_way(name: str) -> bool:
    """Whether a file's name is one that programs use until the file is whole."""
    plain = PurePosixPath(name).name
    return plain.startswith((".", "~$")) or PurePosixPath(plain).suffix.lower() in UNDER_WAY


def leads_elsewhere(name: str) -> bool:
    """Whether a name that somebody else gave could lead out of its folder, or holds signs that no file's name has."""
    odd = not name.isprintable() and any(unicodedata.category(sign) in ("Cc", "Cs") for sign in name)
    parts = name.split("/")
    return odd or "\\" in name or not name.strip() or any(part in ("", ".", "..") for part in parts)


def told(name: str) -> str:
    """A name that may hold anything, safe to be repeated in a message."""
    return ascii(name[:200]) if leads_elsewhere(name) else repr(name[:200])

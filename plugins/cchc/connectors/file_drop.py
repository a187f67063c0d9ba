"""Files that a sender leaves in its folder of the inbox."""

import re
from datetime import datetime
from pathlib import Path

from cchc.clock import ZONE
from cchc.connectors.offers import Offered
from cchc.connectors.sources import FileDrop
from cchc.errors import ConfigError, UnreachableError

# what programs name a file until it is whole
UNDER_WAY = {".part", ".filepart", ".partial", ".tmp", ".crdownload", ".download", ".swp", ".upload"}


def offered(drop: FileDrop, inbox: Path, as_of: datetime) -> list[Offered]:
    """The files that had arrived by `as_of`, in order of arrival. Links are not followed out of the inbox.

    Raises UnreachableError when the folder can't be read, ConfigError when a path lacks its declared stamp.
    """
    if not inbox.is_dir():
        raise UnreachableError(f"the inbox {inbox} is not there: create it or set CCHC_INBOX")
    try:
        found = [_offered(path, drop, inbox) for path in inbox.glob(drop.glob) if path.is_file() and _is_whole(path, inbox)]
    except OSError as error:
        raise UnreachableError(f"can't read {error.filename}: {error.strerror}") from error
    return sorted((f for f in found if f.arrived_at <= as_of), key=lambda f: (f.arrived_at, f.name))


def _is_whole(path: Path, inbox: Path) -> bool:
    """No upload that is still going on, and nothing that a link, of the file or of a folder above it, brings in from elsewhere."""
    under_way = path.name.startswith((".", "~$")) or path.suffix.lower() in UNDER_WAY
    return not under_way and path.resolve() == inbox.resolve() / path.relative_to(inbox)


def _offered(path: Path, drop: FileDrop, inbox: Path) -> Offered:
    seen = path.stat()
    name = path.relative_to(inbox).as_posix()
    modified = datetime.fromtimestamp(seen.st_mtime, ZONE)
    arrived = stamp(name, drop.arrived) if drop.arrived else modified
    return Offered(name, path, seen.st_size, modified, arrived)


def stamp(name: str, pattern: str) -> datetime:
    """The arrival stamp in a file's name. Raises ConfigError when it is not there or is none."""
    match = re.search(pattern, name)
    if not match:
        raise ConfigError(f"{name}: no arrival stamp like {pattern!r} in its path; rename it or change `arrived:`")
    text = match.group(1)
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H%M" if "T" in text else "%Y-%m-%d").replace(tzinfo=ZONE)
    except ValueError as error:
        raise ConfigError(f"{name}: {text!r} is no stamp YYYY-MM-DD or YYYY-MM-DDTHHMM") from error

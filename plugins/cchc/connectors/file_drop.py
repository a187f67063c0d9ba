"""Files that a sender leaves in its folder of the inbox."""

import fcntl
import os
import re
import signal
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from functools import cache
from pathlib import Path

from cchc.clock import ZONE
from cchc.connectors.offers import Found, Offered, gathered_up, is_under_way, leads_elsewhere, told
from cchc.connectors.sources import FileDrop
from cchc.errors import ConfigError, UnreachableError

STAMP = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{4})?", re.ASCII)


def looked(drop: FileDrop, inbox: Path, as_of: datetime) -> Found:
    """The files that had arrived by `as_of`, and the links and odd names that are left where they are.

    Raises UnreachableError when the folder can't be read.
    """
    if not inbox.is_dir():
        raise UnreachableError(f"the inbox {inbox} is not there: create it or set CCHC_INBOX")
    try:
        files = list(_files(inbox, drop.glob))
        linked = _linked({path.parent for path, _ in files}, inbox)
        return gathered_up(files, lambda file: _offered(*file, drop, inbox, linked), as_of)
    except OSError as error:
        raise UnreachableError(f"can't read {error.filename}: {error.strerror}") from error


def offered(drop: FileDrop, inbox: Path, as_of: datetime) -> list[Offered]:
    """The files of `looked`, in order of arrival. Raises what it raises."""
    return looked(drop, inbox, as_of).offers


def _files(inbox: Path, pattern: str) -> Iterator[tuple[Path, os.stat_result]]:
    """Whole files and links with what the system says of them, asked once each: inboxes hold years. One that goes meanwhile is none."""
    for path in inbox.glob(pattern):
        with suppress(FileNotFoundError):
            seen = path.lstat()
            if not is_under_way(path.name) and (stat.S_ISREG(seen.st_mode) or stat.S_ISLNK(seen.st_mode)):
                yield path, seen


def _linked(folders: set[Path], inbox: Path) -> set[Path]:
    """Those of the folders that lie behind a link within the inbox; each step of the way is asked once."""
    is_link = cache(Path.is_symlink)

    def way(folder: Path) -> list[Path]:
        return [folder, *folder.parents][: len(folder.relative_to(inbox).parts)]

    return {folder for folder in folders if any(is_link(step) for step in way(folder))}


def _offered(path: Path, seen: os.stat_result, drop: FileDrop, inbox: Path, linked: set[Path]) -> Offered:
    """Raises ConfigError for what a link, of the file or of a folder above it (`linked`), brings in from elsewhere, and for odd names."""
    name = path.relative_to(inbox).as_posix()
    if stat.S_ISLNK(seen.st_mode) or path.parent in linked:
        raise ConfigError(f"{told(name)} is a link or lies behind one: put the file itself there")
    if leads_elsewhere(name):
        raise ConfigError(f"{told(name)} has signs in its name that no file's name has: rename it")
    if seen.st_size > drop.megabytes << 20:
        raise ConfigError(f"{told(name)} is larger than {drop.megabytes} MB: split it, or raise `megabytes`")
    modified = datetime.fromtimestamp(seen.st_mtime, ZONE)
    return Offered(name, path, seen.st_size, modified, stamp(name, drop.arrived) if drop.arrived else modified)


def is_being_written(path: Path) -> bool:
    """Whether a program of this machine has the file open for writing: an upload under way that does not say so in its name.

    A lease for reading is refused then. Where leases are not to be had (another's file, a network folder), nobody can tell.
    """
    with path.open("rb") as file:
        try:
            fcntl.fcntl(file, fcntl.F_SETSIG, signal.SIGURG)  # who opens it for writing meanwhile sends a signal that is ignored
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        except BlockingIOError:
            return True
        except OSError:
            pass
    return False


def stamp(name: str, pattern: str) -> datetime:
    """The arrival stamp in a file's name. Raises ConfigError when it is not there or is none."""
    match = re.search(pattern, name)
    if not match:
        raise ConfigError(f"{name}: no arrival stamp like {pattern!r} in its path; rename it or change `arrived:`")
    text = match.group(1)
    try:
        if not STAMP.fullmatch(text):
            raise ValueError(text)
        return datetime.fromisoformat(text).replace(tzinfo=ZONE)
    except ValueError as error:
        raise ConfigError(f"{name}: {text!r} is no stamp YYYY-MM-DD or YYYY-MM-DDTHHMM") from error

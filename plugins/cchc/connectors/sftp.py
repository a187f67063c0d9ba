"""Files in a folder of an SFTP server: the host is known by its pinned key, what we have seen is not fetched again."""

import asyncio
import fnmatch
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

import asyncssh

from cchc.clock import ZONE
from cchc.connectors.credentials import Credentials, credentials
from cchc.connectors.file_drop import stamp
from cchc.connectors.links import Links, shared
from cchc.connectors.offers import Found, Known, Offered, gathered_up, is_under_way, leads_elsewhere, told
from cchc.connectors.sftp_model import Sftp
from cchc.errors import ConfigError, UnreachableError

MODES = asyncssh.FILEXFER_TYPE_REGULAR
BLOCK = 256 << 10


def fetched(declared: Sftp, seen: Known, as_of: datetime, scratch: Callable[[], Path], links: Links | None = None) -> Found:
    """The files of the declared folder that are new to us, each downloaded into a new file of `scratch`, in order of arrival.

    Raises UnreachableError when the server does not answer in time or breaks off, ConfigError for a wrong key, login or name.
    """
    with shared(links) as open_ones:
        return _answered(declared, open_ones, lambda: _fetch(declared, seen, as_of, scratch, open_ones))


def _answered(declared: Sftp, links: Links, work: Callable[[], Coroutine[Any, Any, Found]]) -> Found:
    try:
        return links.run(asyncio.wait_for(work(), declared.minutes * 60))
    except TimeoutError as error:
        links.forget(_key(declared))
        raise UnreachableError(f"{declared.connection}: took longer than {declared.minutes:g} minutes; asked again next time") from error
    except asyncssh.HostKeyNotVerifiable as error:
        raise ConfigError(f"{declared.connection}: the server shows another key than `host_key`: ask its operator") from error
    except asyncssh.PermissionDenied as error:
        raise ConfigError(f"{declared.connection}: the server refuses our login or the folder: correct the connection") from error
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise ConfigError(f"{declared.connection}: `host_key` or the connection's private key does not read: correct it") from error
    except asyncssh.SFTPNoSuchFile as error:
        raise ConfigError(f"{declared.connection}: there is no folder {declared.folder!r}: correct `folder`") from error
    except (OSError, asyncssh.Error) as error:
        links.forget(_key(declared))
        raise UnreachableError(
            f"{declared.connection}: {type(error).__name__} while talking to the server; asked again next time"
        ) from error


async def _fetch(declared: Sftp, seen: Known, as_of: datetime, scratch: Callable[[], Path], links: Links) -> Found:
    async with await _client(declared, links) as client:
        listed = [entry async for entry in client.scandir(declared.folder) if _is_wanted(declared, entry)]
        found = gathered_up(listed, partial(_offer, declared), as_of)
        fresh = [offer for offer in found.offers if not offer.is_known(seen)]
        if sum(offer.size for offer in fresh) > declared.megabytes << 20:
            raise ConfigError(f"{declared.connection}: more than {declared.megabytes} MB of new files: raise `megabytes`")
        here = [replace(offer, path=scratch()) for offer in fresh]
        for offer in here:
            await _download(client, declared, offer)
    return Found(here, found.left)


def _key(declared: Sftp) -> tuple[str, ...]:
    return ("sftp", credentials(declared.connection).uri, declared.host_key)


async def _client(declared: Sftp, links: Links) -> asyncssh.SFTPClient:
    """A session of the connection that is open, or, where there is none or it broke in between, of a new one."""
    if _key(declared) in links:
        try:
            return await (await _connection(declared, links)).start_sftp_client()
        except (OSError, asyncssh.Error):
            links.forget(_key(declared))
    return await (await _connection(declared, links)).start_sftp_client()


async def _connection(declared: Sftp, links: Links) -> asyncssh.SSHClientConnection:
    who = credentials(declared.connection)

    def connect(stack: ExitStack) -> asyncio.Task[asyncssh.SSHClientConnection]:
        wanted = asyncssh.connect(
            who.host, who.port or 22, known_hosts=([asyncssh.import_public_key(declared.host_key)], [], []),
            connect_timeout=declared.timeout_seconds, keepalive_interval=declared.timeout_seconds, config=None, agent_path=None,
            **_login(who),
        )  # fmt: skip
        return asyncio.ensure_future(_closed_at_end(wanted, stack, links))

    return await links.kept(_key(declared), connect)


async def _closed_at_end(wanted: Awaitable, stack: ExitStack, links: Links) -> asyncssh.SSHClientConnection:
    connection = await wanted

    async def closed() -> None:
        connection.close()
        await connection.wait_closed()

    stack.callback(lambda: links.run(closed()))
    return connection


def _login(who: Credentials) -> dict:
    """A password, or a private key among the connection's extras (the password then opens the key, if it is locked); never an
    agent or a key of this machine."""
    key = who.extra.get("private_key")
    if key:
        opened = asyncssh.import_private_key(key, who.extra.get("private_key_passphrase") or who.password or None)
        return {"username": who.login, "client_keys": [opened], "password": None}
    return {"username": who.login, "password": who.password, "client_keys": None}


def _is_wanted(declared: Sftp, entry: asyncssh.SFTPName) -> bool:
    """Plain files that are whole and fit the glob: a link may lead anywhere."""
    name = str(entry.filename)
    return entry.attrs.type == MODES and fnmatch.fnmatchcase(name, declared.glob) and not is_under_way(name)


def _offer(declared: Sftp, entry: asyncssh.SFTPName) -> Offered:
    name, shown = str(entry.filename), entry.attrs
    if "/" in name or leads_elsewhere(name):
        raise ConfigError(f"{declared.connection}: the server lists a name that leads elsewhere: {told(name)}")
    modified = datetime.fromtimestamp(shown.mtime or 0, ZONE)
    return Offered(name, Path(), shown.size or 0, modified, stamp(name, declared.arrived) if declared.arrived else modified)


async def _download(client: asyncssh.SFTPClient, declared: Sftp, offer: Offered) -> None:
    """The whole file as it was listed: one that grows or shrinks meanwhile is left for the next time."""
    place = str(PurePosixPath(declared.folder) / offer.name)
    changed = UnreachableError(f"{declared.connection}: {offer.name} changed while it was fetched; taken when its sender has finished")
    try:
        size = await _copy(client, declared, place, offer)
        again = await client.lstat(place)
    except asyncssh.SFTPNoSuchFile as error:
        raise changed from error
    if (size, again.size, again.type) != (offer.size, offer.size, MODES):
        raise changed


async def _copy(client: asyncssh.SFTPClient, declared: Sftp, place: str, offer: Offered) -> int:
    """Write what the server has to the offer's file, no more than was listed and a part; the size that came."""
    size = 0
    with offer.path.open("wb") as file:
        async with client.open(place, "rb") as remote:
            while size <= offer.size:
                try:
                    block = await asyncio.wait_for(remote.read(BLOCK), declared.timeout_seconds)
                except TimeoutError as error:
                    raise UnreachableError(f"{declared.connection}: the server stalls in {offer.name}; asked again next time") from error
                if not block:
                    break
                size += file.write(block)  # type: ignore[arg-type]
    return size

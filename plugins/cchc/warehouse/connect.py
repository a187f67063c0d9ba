"""Connections to the warehouse; nobody else builds a URL."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from select import POLLIN, poll
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit
from weakref import WeakKeyDictionary

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from cchc.clock import monotonic
from cchc.errors import UnreachableError, without_values
from cchc.settings import Settings, settings
from cchc.warehouse.embedded import EmbeddedServer
from cchc.warehouse.roles import role_secret

DATABASE = "cchc"
SESSION = "-c timezone=Asia/Ho_Chi_Minh"
FRESH = 1.0  # seconds for which an answer stands
LIMITS = {"connect_timeout": 10, "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 60000}

_places: dict[tuple[Any, ...], tuple[str, float]] = {}
_answered: WeakKeyDictionary[psycopg.Connection, float] = WeakKeyDictionary()


def admin_url(config: Settings | None = None, database: str | None = None) -> str:
    """The administrator's URL: the setting's, or the embedded server's."""
    config = config or settings()
    if config.warehouse_url is None:
        return EmbeddedServer(config).url(database or DATABASE)
    parts = urlsplit(config.warehouse_url.get_secret_value())
    return urlunsplit(parts._replace(path=f"/{database}")) if database else urlunsplit(parts)


def role_url(role: str, config: Settings | None = None) -> str:
    """The URL of one of our roles (`cchc_loader`, ...)."""
    config = config or settings()
    parts = urlsplit(admin_url(config))
    place = f"{role}:{quote(role_secret(config, role), safe='')}@{parts.hostname}:{parts.port or 5432}"
    return urlunsplit(parts._replace(netloc=place))


def _place(role: str) -> str:
    """role_url of this process's settings; an answer stands for a moment, since its parts are read from files."""
    config = settings()
    key = (role, str(config.home), str(config.keys_path), config.warehouse_url)
    url, asked = _places.get(key, ("", -FRESH))
    if monotonic() - asked >= FRESH:
        url = role_url(role, config)
        _places[key] = (url, monotonic())
    return url


@contextmanager
def connect(role: str, *, autocommit: bool = False) -> Iterator[psycopg.Connection]:
    """A psycopg connection as `role`, committed at the end, rolled back on an error.

    Raises UnreachableError when the server doesn't answer; its other errors lose the cells that they quote.
    """
    try:
        pool = _pool(_place(role), os.getpid())
        connection = pool.getconn(timeout=LIMITS["connect_timeout"])
    except (psycopg.OperationalError, PoolTimeout) as error:
        raise unreachable(error) from error
    try:
        connection.autocommit = autocommit
        yield connection
        connection.commit()
    except psycopg.Error as error:
        if connection.broken:
            raise UnreachableError(f"the warehouse went away: {without_values(str(error)).splitlines()[0]}") from None
        raise type(error)(without_values(str(error))) from None
    finally:
        _give_back(pool, connection)


@lru_cache(maxsize=16)
def _pool(url: str, _process: int) -> ConnectionPool:
    """Connections of one process, handed out again: a login by scram costs more than most of our queries.

    The first is made by hand: it says at once, and why, when the server refuses, where a pool tries for ten seconds.
    """
    kwargs: dict[str, Any] = {"options": SESSION, **LIMITS}
    psycopg.connect(url, **kwargs).close()
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # its errors reach us as exceptions
    return ConnectionPool(
        url,
        kwargs=kwargs,
        min_size=0,
        max_size=64,  # more than the workers of an intake hold at once
        max_idle=30,
        check=_check,
        open=True,
    )


def _check(connection: psycopg.Connection) -> None:
    """Ask whether the server is still there, unless it answered a moment ago and has said nothing since (as when it ends)."""
    said = poll()
    said.register(connection.fileno(), POLLIN)
    if monotonic() - _answered.get(connection, -FRESH) >= FRESH or said.poll(0):
        ConnectionPool.check_connection(connection)


def _give_back(pool: ConnectionPool, connection: psycopg.Connection) -> None:
    if not connection.closed:
        connection.rollback()
        _answered[connection] = monotonic()
        connection.autocommit = False
        connection.isolation_level = None
    pool.putconn(connection)


def unreachable(error: Exception) -> UnreachableError:
    """One line on a server that does not answer, and the way out."""
    said = str(error).split("\n", 1)[0]
    return UnreachableError(f"the warehouse does not answer: {said}. Start it (`cchc db start`) or correct CCHC_WAREHOUSE_URL")

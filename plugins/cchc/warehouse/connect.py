"""Connections to the warehouse, one function per driver; nobody else builds a URL."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from adbc_driver_postgresql import dbapi as adbc

from cchc.errors import UnreachableError
from cchc.settings import Settings, settings
from cchc.warehouse.embedded import EmbeddedServer
from cchc.warehouse.roles import role_secret

DATABASE = "cchc"
SESSION = "-c timezone=Asia/Ho_Chi_Minh"
LIMITS = {"connect_timeout": 10, "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 60000}


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


@contextmanager
def connect(role: str, *, autocommit: bool = False) -> Iterator[psycopg.Connection]:
    """A psycopg connection as `role`, committed at the end, rolled back on an error.

    Raises UnreachableError when the server doesn't answer.
    """
    try:
        connection = psycopg.connect(role_url(role), autocommit=autocommit, options=SESSION, **LIMITS)
    except psycopg.OperationalError as error:
        raise UnreachableError(f"the warehouse does not answer: {error}. Start it: `cchc db start`") from error
    with connection:
        yield connection


@contextmanager
def connect_bulk(role: str) -> Iterator[adbc.Connection]:
    """An ADBC connection as `role` for binary COPY; the caller commits, an error or silence rolls back."""
    url = f"{role_url(role)}?{'&'.join(f'{k}={v}' for k, v in LIMITS.items())}&options={quote(SESSION)}"
    with adbc.connect(url) as connection:
        try:
            yield connection
        except BaseException:
            connection.rollback()
            raise

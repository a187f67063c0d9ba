"""Rows of another system's database as JSON Lines: a cursor on the server's side, a transaction that only reads, caps."""

import json
from contextlib import ExitStack
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, Engine, create_engine, exc, text

from cchc.clock import monotonic
from cchc.connectors.credentials import credentials
from cchc.connectors.json_lines import json_line
from cchc.connectors.links import Links, shared
from cchc.connectors.sftp_model import Database
from cchc.errors import ConfigError, UnreachableError

AT_ONCE = 1_000  # rows in memory; a wide row may have a megabyte
BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)  # what `:since` is the first time: nothing is newer than NULL


def query(declared: Database, since: datetime | None, target: Path, links: Links | None = None) -> int:
    """Write the query's rows to `target`, one JSON object a line; returns how many.

    Raises UnreachableError when the database does not answer, ConfigError when it refuses the query or a cap is passed.
    """
    uri, limits = credentials(declared.connection).uri, _limits(declared)
    try:
        with shared(links) as own, _engine(uri, limits, own).connect() as connection, target.open("wb") as lines:
            return _write(connection, declared, since, lines)
    except exc.OperationalError as error:
        raise UnreachableError(f"{declared.connection}: no answer ({_code(error)}); it is asked again next time") from error
    except exc.SQLAlchemyError as error:
        raise ConfigError(f"{declared.connection}: the database refuses the query ({_code(error)}): correct `query`") from error


def _engine(uri: str, limits: dict[str, Any], links: Links) -> Engine:
    def made(stack: ExitStack) -> Engine:
        engine = create_engine(uri, pool_pre_ping=True, **limits)
        stack.callback(engine.dispose)
        return engine

    return links.kept(("sql", uri, str(limits)), made)


def _limits(declared: Database) -> dict[str, Any]:
    """Time limits live on our side, for a frozen server answers nothing; PostgreSQL is told to only read."""
    if not credentials(declared.connection).uri.startswith("postgresql"):
        return {}
    limit = int(declared.timeout_seconds * 1000)
    options = f"-c default_transaction_read_only=on -c statement_timeout={limit} -c tcp_user_timeout={limit}"
    return {"connect_args": {"connect_timeout": max(2, int(min(declared.timeout_seconds, 30))), "options": options}}


def _write(connection: Connection, declared: Database, since: datetime | None, lines: BinaryIO) -> int:
    values = {"since": since or BEGINNING} if ":since" in declared.query else {}
    streamed = connection.execution_options(stream_results=True, yield_per=AT_ONCE)
    result = streamed.execute(text(declared.query), values)
    names, deadline = list(result.keys()), monotonic() + declared.minutes * 60
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ConfigError(f"{declared.connection}: the query gives {', '.join(twice)} twice: name one otherwise (`as`)")
    rows = written = 0
    for row in result.mappings():
        rows, written = rows + 1, written + lines.write(json_line(dict(row), _value).encode(errors="backslashreplace"))
        if rows > declared.rows or written > declared.megabytes << 20:
            raise ConfigError(f"{declared.connection}: more than {declared.rows} rows or {declared.megabytes} MB: narrow it")
        if rows % AT_ONCE == 0 and monotonic() > deadline:
            raise UnreachableError(f"{declared.connection}: took longer than {declared.minutes:g} minutes; asked again next time")
    return rows


def _value(value: Any) -> str:
    match value:
        case Decimal():
            return format(value, "f")
        case datetime() | date() | time():
            return json.dumps(value.isoformat())
        case bytes() | memoryview():
            raise ConfigError("the query gives a column of bytes, which no feed has: leave it out of `query`")
        case _:
            return json.dumps(value, ensure_ascii=False, default=str)


def _code(error: Exception) -> str:
    """What went wrong by name and code: the database's own words may quote a row."""
    own = getattr(error, "orig", None) or error
    return " ".join(filter(None, [type(own).__name__, getattr(own, "sqlstate", None)]))

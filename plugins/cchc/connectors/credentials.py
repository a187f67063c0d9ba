"""Secrets of sources: an Airflow Connection in the environment, never in YAML."""

import json
import os
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from cchc.errors import ConfigError

DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}  # Airflow's word, and the bare one: psycopg 3


@dataclass(frozen=True)
class Credentials:
    """Who we are to a source. `uri` is the whole connection as SQLAlchemy reads it (it holds the password: never print it)."""

    login: str
    password: str
    uri: str
    host: str = ""
    port: int | None = None
    extra: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Credentials({self.login!r})"


def credentials(name: str) -> Credentials:
    """The connection `name` from CCHC_CONN_<NAME> or AIRFLOW_CONN_<NAME>, as a URI or Airflow's JSON.

    Raises ConfigError naming both when neither is set, and when what is set is neither.
    """
    key = name.upper().replace("-", "_")
    given = os.environ.get(f"CCHC_CONN_{key}") or os.environ.get(f"AIRFLOW_CONN_{key}")
    if not given:
        raise ConfigError(f"no connection {name!r}: set CCHC_CONN_{key} or the Airflow Connection AIRFLOW_CONN_{key}")
    try:
        return _of_json(json.loads(given)) if given.lstrip().startswith("{") else _of_uri(given)
    except (ValueError, AttributeError):
        raise ConfigError(f"the connection {name!r} is neither a URI nor Airflow's JSON: correct CCHC_CONN_{key}") from None


def _of_uri(given: str) -> Credentials:
    parts = urlsplit(given)
    scheme = DRIVERS.get(parts.scheme, parts.scheme)
    extra = dict(parse_qsl(parts.query))
    return Credentials(
        unquote(parts.username or ""), unquote(parts.password or ""), scheme + given[len(parts.scheme) :], parts.hostname or "", parts.port,
        extra,
    )  # fmt: skip


def _of_json(told: dict[str, Any]) -> Credentials:
    """Airflow's keys: conn_type, login, password, host, port, schema, extra (an object or its text)."""
    login, password, host, port = told.get("login") or "", told.get("password") or "", told.get("host") or "", told.get("port")
    extra = told.get("extra") or {}
    who = f"{quote(login, safe='')}:{quote(password, safe='')}@" if login or password else ""
    place = f"{host}:{port}" if port else host
    scheme = DRIVERS.get(told.get("conn_type") or "", told.get("conn_type") or "")
    uri = f"{scheme}://{who}{place}/{quote(told.get('schema') or '', safe='')}"
    return Credentials(
        login, password, uri, host, int(port) if port else None, json.loads(extra) if isinstance(extra, str) else dict(extra)
    )

"""Secrets of sources: an Airflow Connection's URI in the environment, never in YAML."""

import json
import os
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from cchc.errors import ConfigError


@dataclass(frozen=True)
class Credentials:
    """Who we are to a source. `uri` is the connection as it was given (it holds the password: never print it)."""

    login: str
    password: str
    uri: str

    def __repr__(self) -> str:
        return f"Credentials({self.login!r})"


def credentials(name: str) -> Credentials:
    """The connection `name` from CCHC_CONN_<NAME> or AIRFLOW_CONN_<NAME>, as a URI or Airflow's JSON.

    Raises ConfigError naming both when neither is set.
    """
    key = name.upper().replace("-", "_")
    given = os.environ.get(f"CCHC_CONN_{key}") or os.environ.get(f"AIRFLOW_CONN_{key}")
    if not given:
        raise ConfigError(f"no connection {name!r}: set CCHC_CONN_{key} or the Airflow Connection AIRFLOW_CONN_{key}")
    if given.lstrip().startswith("{"):
        told = json.loads(given)
        return Credentials(told.get("login") or "", told.get("password") or "", given)
    parts = urlsplit(given)
    return Credentials(unquote(parts.username or ""), unquote(parts.password or ""), given)

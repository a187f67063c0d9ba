"""The warehouse's roles and their secrets (decision 13)."""

import json
import secrets
from pathlib import Path

import psycopg
from psycopg import sql

from cchc.errors import ConfigError
from cchc.settings import Settings

OWNER = "cchc_owner"  # owns every object; used by migrate, restore and thinning alone
LOADER = "cchc_loader"  # writes what came in
TRANSFORMER = "cchc_transformer"  # builds the marts, freezes releases
READER = "cchc_reader"  # reads releases
WEB = "cchc_web"  # reads releases, appends through functions
ROLES = (OWNER, LOADER, TRANSFORMER, READER, WEB)
UNGUESSABLE = 32  # letters: 24 random bytes. Stretching is for words that can be guessed, and a night logs in 250 times
STRETCHED_SINCE = 160_000  # PostgreSQL 16 lets a session say how often it hashes a password; before, always 4096 times


def role_secret(config: Settings, role: str) -> str:
    """The password of `role`: from roles.json in the keys folder.

    Raises ConfigError when it is not there: migrate makes it for the embedded server.
    """
    try:
        return json.loads(_file(config).read_text())[role]
    except (OSError, KeyError, ValueError) as error:
        raise ConfigError(f"no secret for role {role} in {_file(config)}: run `cchc migrate` first") from error


def make_secrets(config: Settings) -> dict[str, str]:
    """All roles' passwords, made on first use; the file is readable by its owner alone."""
    path = _file(config)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_text(json.dumps({role: secrets.token_urlsafe(24) for role in ROLES}, indent=1))
    return json.loads(path.read_text())


def ensure_roles(admin: psycopg.Connection, config: Settings) -> None:
    """Create the roles that are missing and set every password; grants nothing by itself."""
    with admin.cursor() as cursor:
        for role, word in make_secrets(config).items():
            cursor.execute("select 1 from pg_roles where rolname = %s", (role,))
            verb = "alter" if cursor.fetchone() else "create"
            if admin.info.server_version >= STRETCHED_SINCE:
                cursor.execute("set scram_iterations = 1" if len(word) >= UNGUESSABLE else "reset scram_iterations")
            cursor.execute(sql.SQL("{} role {} login nosuperuser nocreatedb nocreaterole password {}").format(
                sql.SQL(verb), sql.Identifier(role), sql.Literal(word)))  # fmt: skip


def _file(config: Settings) -> Path:
    return config.keys_path / "roles.json"

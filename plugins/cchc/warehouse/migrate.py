"""Brings the warehouse to this code's schema: server, database, roles, then Alembic's steps as cchc_owner."""

from pathlib import Path

import psycopg
import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg import sql

from cchc.settings import Settings
from cchc.warehouse.connect import DATABASE, admin_url, role_url, unreachable
from cchc.warehouse.embedded import EmbeddedServer
from cchc.warehouse.keys import make_keys
from cchc.warehouse.roles import OWNER, TRANSFORMER, ensure_roles

FOLDER = Path(__file__).parent / "migrations"


def migrate(config: Settings) -> str:
    """Make or update the warehouse; the same call twice changes nothing. Returns the schema version.

    Raises UnreachableError when no server answers.
    """
    try:
        prepare_database(config)
        if current_version(config) is None:
            make_keys(config)
        _run_steps(config)
    except psycopg.OperationalError as error:
        raise unreachable(error) from error
    return newest_version()


def prepare_database(config: Settings) -> None:
    """Server, database and roles, without any schema: what a migration or a restore starts from."""
    if config.warehouse_url is None:
        EmbeddedServer(config).start()
    _ensure_database(config)


def newest_version() -> str:
    """The version that this code's migrations lead to."""
    return ScriptDirectory.from_config(_alembic()).get_current_head() or ""


def current_version(config: Settings) -> str | None:
    """The version the warehouse is at; None before the first migration."""
    with psycopg.connect(admin_url(config)) as connection:
        row = connection.execute("select to_regclass('public.schema_version')").fetchone()
        if not row or row[0] is None:
            return None
        found = connection.execute("select version_num from public.schema_version").fetchone()
        return found[0] if found else None


def _ensure_database(config: Settings) -> None:
    embedded = config.warehouse_url is None
    with psycopg.connect(admin_url(config, "postgres" if embedded else None), autocommit=True) as admin:
        admin.execute("select pg_advisory_lock(hashtext('cchc migrate'))")
        ensure_roles(admin, config)
        if embedded and not admin.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone():
            admin.execute(sql.SQL("create database {} template template0").format(sql.Identifier(DATABASE)))
    with psycopg.connect(admin_url(config), autocommit=True) as admin:
        name = sql.Identifier(admin.info.dbname)
        admin.execute(sql.SQL("grant create, connect on database {} to {}").format(name, sql.Identifier(OWNER)))
        admin.execute(sql.SQL("grant create on database {} to {}").format(name, sql.Identifier(TRANSFORMER)))
        admin.execute(sql.SQL("grant create on schema public to {}").format(sql.Identifier(OWNER)))


def _run_steps(config: Settings) -> None:
    engine = sqlalchemy.create_engine(role_url(OWNER, config).replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as connection:
        settings_of_alembic = _alembic()
        settings_of_alembic.attributes["connection"] = connection
        command.upgrade(settings_of_alembic, "head")
    engine.dispose()


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config

"""Airflow's own database: in the embedded server, under a role of its own."""

import psycopg
from psycopg import sql

from cchc.errors import ConfigError
from cchc.settings import Settings
from cchc.stack.secrets import metadata_password
from cchc.warehouse.connect import admin_url

DATABASE = ROLE = "cchc_airflow"


def ensure_metadata(config: Settings) -> None:
    """Make role and database, if they are not there. The embedded server must run."""
    if config.warehouse_url is not None:
        raise ConfigError("the local stack runs with the embedded server only: unset CCHC_WAREHOUSE_URL, or use docker-compose.yml")
    with psycopg.connect(admin_url(config, "postgres"), autocommit=True) as admin:
        there = admin.execute("select 1 from pg_roles where rolname = %s", (ROLE,)).fetchone()
        admin.execute(
            sql.SQL("{} role {} login nosuperuser nocreatedb nocreaterole password {}").format(
                sql.SQL("alter" if there else "create"), sql.Identifier(ROLE), sql.Literal(metadata_password(config))
            )
        )
        if not admin.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone():
            admin.execute(sql.SQL("create database {} owner {} template template0").format(sql.Identifier(DATABASE), sql.Identifier(ROLE)))
        admin.execute(sql.SQL("revoke connect on database {} from public").format(sql.Identifier(DATABASE)))


def metadata_url(config: Settings, driver: str) -> str:
    """SQLAlchemy's URL of Airflow's database; `driver` is psycopg2 or psycopg (the asynchronous one)."""
    place = admin_url(config, DATABASE).rpartition("@")[2]
    return f"postgresql+{driver}://{ROLE}:{metadata_password(config)}@{place}"

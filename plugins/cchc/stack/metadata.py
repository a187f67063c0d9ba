"""Airflow's own database: in the warehouse's server, under a role of its own."""

import os

import psycopg
from psycopg import sql

from cchc.settings import Settings
from cchc.stack.secrets import metadata_password
from cchc.warehouse.connect import admin_url

DATABASE = ROLE = "cchc_airflow"


def ensure_metadata(config: Settings) -> None:
    """Make role and database, if they are not there, and set the role's password. The server must run.

    Raises psycopg.OperationalError when the administrator can't log in.
    """
    with psycopg.connect(admin_url(config, "postgres" if config.warehouse_url is None else None), autocommit=True) as admin:
        there = admin.execute("select 1 from pg_roles where rolname = %s", (ROLE,)).fetchone()
        admin.execute(
            sql.SQL("{} role {} login nosuperuser nocreatedb nocreaterole password {}").format(
                sql.SQL("alter" if there else "create"), sql.Identifier(ROLE), sql.Literal(_password(config))
            )
        )
        if not admin.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone():
            admin.execute(sql.SQL("create database {} owner {} template template0").format(sql.Identifier(DATABASE), sql.Identifier(ROLE)))
        admin.execute(sql.SQL("revoke connect on database {} from public").format(sql.Identifier(DATABASE)))


def metadata_url(config: Settings, driver: str) -> str:
    """SQLAlchemy's URL of Airflow's database; `driver` is psycopg2 or psycopg (the asynchronous one)."""
    place = admin_url(config, DATABASE).rpartition("@")[2]
    return f"postgresql+{driver}://{ROLE}:{_password(config)}@{place}"


def _password(config: Settings) -> str:
    """From the environment where the operator chose it (docker-compose.yml), else the kept one."""
    return os.environ.get("CCHC_AIRFLOW_DB_PASSWORD") or metadata_password(config)

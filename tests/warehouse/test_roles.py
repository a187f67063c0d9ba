"""What each role may not do (decision 13), in the server that the product starts."""

import json
from pathlib import Path

import psycopg
import pytest

from cchc.settings import Settings
from cchc.warehouse.connect import admin_url, connect
from cchc.warehouse.roles import LOADER, OWNER, READER, ROLES, TRANSFORMER, WEB, ensure_roles, make_secrets

FORBIDDEN = [
    (LOADER, "select 1 from release.manifest"),
    (LOADER, "delete from ops.delivery"),
    (LOADER, "update audit.event set reason = 'x'"),
    (LOADER, "create table ops.x (a int)"),
    (LOADER, "create schema x"),
    (TRANSFORMER, "insert into accepted.staff (agency_code) values ('x')"),
    (TRANSFORMER, "update reference.unit set name_vi = 'x'"),
    (TRANSFORMER, "delete from ops.delivery"),
    (TRANSFORMER, "update release.measure set value = 1"),
    (TRANSFORMER, "delete from release.form_ii06a"),
    (TRANSFORMER, "delete from release.manifest"),
    (TRANSFORMER, "delete from audit.event"),
    (READER, "select 1 from ops.delivery"),
    (READER, "select 1 from accepted.staff"),
    (READER, "select 1 from quarantine.row"),
    (READER, "select 1 from reference.contact"),
    (READER, "insert into release.draft (release_id) values ('x')"),
    (READER, "insert into release.form_ii07b (agency_code) values ('x')"),
    (READER, "select audit.record(now(), 'x', 'x', 'x', 'x')"),
    (WEB, "select 1 from accepted.staff"),
    (WEB, "select 1 from audit.event"),
    (WEB, "insert into audit.event (at, who, what, subject) values (now(), 'x', 'x', 'x')"),
    (WEB, "insert into release.manifest (release_id) values ('x')"),
]
ROWS_FOR_OWNER = "insert into audit.event (at, who, what, subject) values (now(), 'x', 'x', 'x')"


@pytest.mark.parametrize(("role", "statement"), FORBIDDEN)
def test_a_role_may_not(config: Settings, role: str, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), connect(role) as connection:
        connection.execute(statement)


@pytest.mark.parametrize("role", [LOADER, TRANSFORMER, READER, WEB])
def test_no_working_role_is_more_than_a_login(config: Settings, role: str) -> None:
    with connect(role) as connection:
        rights = "select rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication from pg_roles where rolname = current_user"
        assert connection.execute(rights).fetchone() == (False,) * 5


@pytest.mark.parametrize("statement", ["update audit.event set who = 'y'", "delete from audit.event", "truncate audit.event",
                                       "delete from release.manifest", "truncate release.measure",
                                       "truncate release.form_ii06a"])  # fmt: skip
def test_even_the_owner_can_not_rewrite_history(config: Settings, statement: str) -> None:
    with connect(OWNER) as connection:
        connection.execute(ROWS_FOR_OWNER)
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"), connect(OWNER) as connection:
        connection.execute(statement)


def test_the_web_appends_through_its_function(config: Settings) -> None:
    with connect(WEB) as connection:
        connection.execute("select audit.record(now(), 'lan', 'xem', 'release', '')")
    with connect(OWNER) as connection:
        assert connection.execute("select who, role from audit.event").fetchall() == [("lan", WEB)]


def test_every_session_reads_time_in_vietnam(config: Settings) -> None:
    for role in (LOADER, TRANSFORMER, READER, WEB):
        with connect(role) as connection:
            assert connection.execute("show timezone").fetchone() == ("Asia/Ho_Chi_Minh",)


def test_only_a_password_that_can_be_guessed_is_stretched(config: Settings, tmp_path: Path) -> None:
    """Whoever writes his own into roles.json keeps the server's 4096 rounds."""
    other = Settings(home=tmp_path / "other", keys=tmp_path / "keys-of-other")
    secrets = make_secrets(other) | {READER: "mật khẩu"}
    (tmp_path / "keys-of-other/roles.json").write_text(json.dumps(secrets))
    with psycopg.connect(admin_url(config)) as admin:
        ensure_roles(admin, other)
        rounds = "select rolname, split_part(split_part(rolpassword, '$', 2), ':', 1) from pg_authid where rolname = any(%s)"
        found = dict(admin.execute(rounds, (list(ROLES),)).fetchall())
        admin.rollback()  # roles are the whole server's
    assert found == dict.fromkeys(ROLES, "1") | {READER: "4096"}

"""The database connector against the embedded PostgreSQL, as another system's database would be."""

import json
import resource
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
import pytest
from pydantic import ValidationError

from cchc.connectors.database import query
from cchc.connectors.sftp_model import Database
from cchc.errors import CchcError, ConfigError, UnreachableError
from cchc.settings import Settings
from cchc.warehouse.connect import admin_url

ROWS = (
    "select 'hồ sơ ' || n as ma, n * 1.10 as phi, timestamptz '2013-01-01' + n * interval '1 day' as updated from generate_series(1, {}) n"
)


@pytest.fixture
def url(config: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    own = admin_url(config)
    monkeypatch.setenv("AIRFLOW_CONN_MOT_CUA", own.replace("postgresql://", "postgresql+psycopg://", 1))
    with psycopg.connect(own, autocommit=True) as connection:
        connection.execute("create schema one_stop")
        connection.execute(f"create table one_stop.ho_so as {ROWS.format(12_000)}")
    yield own


def ask(tmp_path: Path, sql: str, since: datetime | None = None, **more: object) -> list[dict]:
    target = tmp_path / "rows.jsonl"
    declared = Database.model_validate({"kind": "sql", "connection": "mot-cua", "query": sql} | more)
    count = query(declared, since, target)
    found = [json.loads(line) for line in target.read_text().splitlines()]
    assert count == len(found)
    return found


def test_rows_come_in_parts_with_their_digits_and_instants(url: str, tmp_path: Path) -> None:
    found = ask(tmp_path, "select ma, phi, updated, null as trong from one_stop.ho_so order by updated")
    assert len(found) == 12_000
    assert found[0] == {"ma": "hồ sơ 1", "phi": 1.1, "updated": "2013-01-02T00:00:00+07:00", "trong": None}
    assert '"phi": 1.10,' in (tmp_path / "rows.jsonl").read_text().splitlines()[0]


def test_only_what_changed_is_asked_for(url: str, tmp_path: Path) -> None:
    since = datetime(2045, 11, 1, tzinfo=UTC)
    found = ask(tmp_path, "select ma from one_stop.ho_so where updated >= :since order by updated", since)
    assert 0 < len(found) < 12


def test_the_first_time_everything_is_asked_for(url: str, tmp_path: Path) -> None:
    assert len(ask(tmp_path, "select ma from one_stop.ho_so where updated >= :since")) == 12_000


@pytest.mark.parametrize("sql", ["select 1 as a; drop table one_stop.ho_so", "delete from one_stop.ho_so", "update x set a = 1"])
def test_a_query_is_one_select(sql: str) -> None:
    with pytest.raises(ValidationError):
        Database(kind="sql", connection="mot-cua", query=sql)


def test_a_select_that_writes_is_refused_by_the_database(url: str, tmp_path: Path) -> None:
    with pytest.raises(CchcError):
        ask(tmp_path, "with gone as (delete from one_stop.ho_so returning 1) select * from gone")
    assert len(ask(tmp_path, "select ma from one_stop.ho_so")) == 12_000


def test_an_error_never_quotes_a_row_or_the_password(url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        ask(tmp_path, "select ma::int from one_stop.ho_so")
    assert "hồ sơ" not in str(caught.value)
    assert str(urlsplit(url).password) not in str(caught.value)


@pytest.mark.parametrize("cap", [{"rows": 5000}, {"megabytes": 1}])
def test_caps_hold(url: str, tmp_path: Path, cap: dict) -> None:
    sql = "select repeat(ma, 20) as ma from one_stop.ho_so" if "megabytes" in cap else "select ma from one_stop.ho_so"
    with pytest.raises(ConfigError, match="narrow it"):
        ask(tmp_path, sql, **cap)


def test_a_query_that_takes_too_long_or_nobody_there_is_told(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreachableError):
        ask(tmp_path, "select pg_sleep(30)", timeout_seconds=0.3)
    monkeypatch.setenv("AIRFLOW_CONN_MOT_CUA", "postgresql+psycopg://x:y@127.0.0.1:9/z")
    with pytest.raises(UnreachableError):
        ask(tmp_path, "select 1 as a")


def test_a_query_without_end_is_left_at_the_cap_in_bounded_memory(url: str, tmp_path: Path) -> None:
    """The cursor lies on the server's side: of a thousand million rows, or of wide ones, only a part ever comes."""
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ConfigError, match="narrow it"):
        ask(tmp_path, "select generate_series(1, 1000000000) as n", rows=5_000)
    with pytest.raises(ConfigError, match="narrow it"):
        ask(tmp_path, "select repeat('ờ', 30000) as n from (select generate_series(1, 1000000000)) as many", megabytes=1)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 300 << 10
    assert (tmp_path / "rows.jsonl").stat().st_size < 2 << 20


def test_a_query_that_drips_is_left_in_time(url: str, tmp_path: Path) -> None:
    with pytest.raises(UnreachableError, match="took longer"):
        ask(tmp_path, "select generate_series(1, 1000000000) as n", minutes=0.001)


def test_a_connection_lost_in_the_middle_is_told(url: str, tmp_path: Path) -> None:
    with pytest.raises(UnreachableError):
        ask(
            tmp_path, "select n, case when n = 3000 then pg_terminate_backend(pg_backend_pid()) end as t from generate_series(1, 9000) as n"
        )


def test_a_name_that_stands_twice_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="gives ma twice"):
        ask(tmp_path, "select ma, ma || 'x' as ma from one_stop.ho_so")


@pytest.mark.parametrize("form", ["postgres://{}", "postgresql://{}", "json"])
def test_airflows_own_forms_of_a_connection_are_read(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    parts = urlsplit(url)
    told = {"conn_type": "postgres", "login": parts.username, "password": unquote(parts.password or ""), "host": parts.hostname,
            "port": parts.port, "schema": parts.path.strip("/")}  # fmt: skip
    given = json.dumps(told) if form == "json" else form.format(url.partition("://")[2])
    monkeypatch.setenv("AIRFLOW_CONN_MOT_CUA", given)
    assert len(ask(tmp_path, "select ma from one_stop.ho_so limit 5")) == 5


def test_a_missing_connection_names_both_ways_to_give_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"CCHC_CONN_MOT_CUA_2 or the Airflow Connection AIRFLOW_CONN_MOT_CUA_2"):
        ask(tmp_path, "select 1 as a", connection="mot-cua-2")

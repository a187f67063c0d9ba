"""The compose file's services as local processes: healthy, closed without a login, one DAG by Celery."""

import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from compose import PROJECT, Services, resolved, services
from cryptography.fernet import Fernet

from cchc.errors import UnreachableError
from cchc.settings import Settings, settings
from cchc.stack.api import ENDED, Api
from cchc.stack.processes import wait_until
from cchc.warehouse.embedded import EmbeddedServer
from house import free_port
from province import ONE_SENDER, write_reference

AIRFLOW = ("api-server", "scheduler", "dag-processor", "triggerer", "worker")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Services, dict[str, str]]]:
    """The services, not started; PostgreSQL runs with the options of the file's command."""
    variables = {name: secrets.token_hex(16) for name in ("AIRFLOW_DB_PASSWORD", "REDIS_PASSWORD", "JWT_SECRET", "SESSION_SECRET")}
    variables |= {"FERNET_KEY": Fernet.generate_key().decode(), "ADMIN_PASSWORD": secrets.token_hex(8), "PROVINCE": "thu-nghiem"}
    command = resolved(variables | {"POSTGRES_PASSWORD": "x"})["services"]["postgres"]["command"]
    options = dict(word.split("=", 1) for word in command if "=" in word) | {"fsync": "off"}
    monkeypatch.setenv("CCHC_PG_OPTIONS", json.dumps(options))
    config = Settings(home=tmp_path / "server", keys=tmp_path / "server/keys", warehouse_url=None)
    server = EmbeddedServer(config)
    server.start()
    url = httpx.URL(server.url("postgres"))
    variables["POSTGRES_PASSWORD"] = url.password
    with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
        admin.execute("create database cchc")
    api, redis = str(free_port()), str(free_port())
    here = {
        "postgres:5432": f"127.0.0.1:{url.port}", "redis:6379": f"127.0.0.1:{redis}", "api-server:8080": f"127.0.0.1:{api}",
        "8080": api, "6379": redis, "5432": str(url.port), "0.0.0.0": "127.0.0.1", "localhost:8080": f"127.0.0.1:{api}",
        "/opt/cchc/dags/provinces/thu-nghiem": str(tmp_path / "thu-nghiem"), "/opt/cchc": str(PROJECT),
        "/var/lib/cchc-keys": str(tmp_path / "keys"), "/var/lib/cchc-inbox": str(tmp_path / "inbox"),
        "/var/lib/cchc": str(tmp_path / "home"),
    }  # fmt: skip
    try:
        with services(variables, here, tmp_path) as these:
            yield these, variables
    finally:
        server.stop()


def prepare_province(folder: Path, words: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """One sender with one file, and the reference data loaded, as an operator does it: `cchc reference load`."""
    from cchc.intake.reference import load_reference

    write_reference(folder / "thu-nghiem")
    (folder / "thu-nghiem/sources").mkdir()
    (folder / "thu-nghiem/sources/so-mot.yaml").write_text(ONE_SENDER, encoding="utf-8")
    file = folder / "inbox/so-mot/organisation_2012-01-10T0800.csv"
    file.parent.mkdir(parents=True)
    file.write_text("Mã cơ quan,Thực hiện một cửa từ\nX01.01,2011-05-01\n", encoding="utf-8")
    for name, value in words.items():
        if name.startswith("CCHC_"):
            monkeypatch.setenv(name, value)
    settings.cache_clear()
    load_reference(settings())


def test_services_are_healthy_closed_and_run_a_dag_by_celery(
    machine: tuple[Services, dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    these, variables = machine
    these.wait_healthy("postgres")
    these.start("redis")
    these.wait_healthy("redis")
    these.run("airflow-init")
    prepare_province(tmp_path, these.environment("scheduler"), monkeypatch)
    for name in (*AIRFLOW, "watch"):
        these.start(name)
    for name in (*AIRFLOW, "watch"):
        these.wait_healthy(name)

    url = these.environment("scheduler")["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"].removesuffix("/execution/")
    assert httpx.get(f"{url}/api/v2/dags", trust_env=False).status_code == 401
    with pytest.raises(UnreachableError, match="401"):
        Api(url, "admin", "wrong")
    api = Api(url, "admin", variables["ADMIN_PASSWORD"])
    wait_until("the DAGs are not read", lambda: "ingest_so_mot" in api.dag_ids(), 60)
    runs = {"ingest_so_mot": api.trigger("ingest_so_mot", {"as_of": "2012-01-31"})}
    wait_until("the run does not end", lambda: api.run_states(runs).get("ingest_so_mot") in ENDED, 90)
    assert api.run_states(runs) == {"ingest_so_mot": "success"}, api.reasons("ingest_so_mot", runs["ingest_so_mot"])
    assert api.result("ingest_so_mot", runs["ingest_so_mot"], "ingest") == {"accepted": 1}

    backend = these.environment("worker")["AIRFLOW__CELERY__RESULT_BACKEND"].removeprefix("db+").replace("+psycopg2", "")
    with psycopg.connect(backend, autocommit=True) as metadata:
        states = lambda: metadata.execute("select status from celery_taskmeta").fetchall()  # noqa: E731
        wait_until("Celery does not say that it ran the task", lambda: states() == [("SUCCESS",)], 30)

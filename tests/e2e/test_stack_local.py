"""The local stack: comes up, is closed, runs real DAGs, is left alone by a second start, and goes away whole."""

import os
import secrets
import socket
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest

from cchc.clock import now
from cchc.errors import ConfigError, UnreachableError
from cchc.settings import Settings, settings
from cchc.stack.api import ENDED, Api
from cchc.stack.local import Stack, is_free, prepare_home
from cchc.stack.processes import Program, stop_all, wait_until
from cchc.stack.secrets import admin_password_file
from cchc.warehouse.connect import admin_url
from province import ONE_SENDER, write_reference

DAGS = {"ingest_so_mot", "ingest_so_hong", "nightly", "report", "upkeep", "mail"}


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """A stack of a small province with one good and one unreadable sender; not started."""
    for word in [word for word in os.environ if word.startswith(("CCHC_", "AIRFLOW"))]:
        monkeypatch.delenv(word)
    province = tmp_path / "thu-nghiem"
    write_reference(province)
    (province / "sources").mkdir()
    (province / "sources/so-mot.yaml").write_text(ONE_SENDER, encoding="utf-8")
    (province / "sources/so-hong.yaml").write_text("sender: A\nsender: B\n", encoding="utf-8")
    file = tmp_path / "home/inbox/so-mot/organisation_2012-01-10T0800.csv"
    file.parent.mkdir(parents=True)
    file.write_text("Mã cơ quan,Thực hiện một cửa từ\nX01.01,2011-05-01\n", encoding="utf-8")
    monkeypatch.setenv("CCHC_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CCHC_PROVINCE", str(province))
    monkeypatch.setenv("AIRFLOW__CORE__EXECUTOR", "NobodysExecutor")  # another installation's words don't reach ours
    settings.cache_clear()
    stack = Stack(settings())
    yield stack
    stack.down()
    settings.cache_clear()


def run(api: Api, dag: str, **words: str) -> str:
    runs = {dag: api.trigger(dag, words)}
    wait_until(f"{dag} does not end", lambda: api.run_states(runs).get(dag) in ENDED, 90)
    return runs[dag]


def test_a_stack_from_start_to_end(stack: Stack) -> None:
    from cchc.intake.reference import load_reference

    bystander = subprocess.Popen(["sleep", "600"], start_new_session=True)
    try:
        api = stack.up()
        load_reference(stack.config)
        assert httpx.get(f"{stack.url}/api/v2/dags", trust_env=False).status_code == 401
        with pytest.raises(UnreachableError, match="401"):
            Api(stack.url, "admin", "wrong")
        real_dags_run(stack, api)
        a_missed_deadline_is_recorded(stack, api)
        a_second_start_changes_nothing(stack)
        no_secret_is_in_a_log(stack)
        members = [process for program in stack.programs() for process in program.session()]
        assert len(members) >= 4
        stack.down()
        assert not [process for process in members if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
        assert set(stack.status().values()) == {"stopped"}
        assert bystander.poll() is None
    finally:
        bystander.kill()


def real_dags_run(stack: Stack, api: Api) -> None:
    wait_until("the DAGs are not read", lambda: len(api.dag_ids()) == len(DAGS), 60)
    assert api.dag_ids() == DAGS
    assert api.import_errors() == []
    api.set_paused(False)
    good = run(api, "ingest_so_mot", as_of="2012-01-31")
    assert api.run_states({"ingest_so_mot": good}) == {"ingest_so_mot": "success"}, api.reasons("ingest_so_mot", good)
    assert api.result("ingest_so_mot", good, "ingest") == {"accepted": 1}
    [reason] = api.reasons("ingest_so_hong", run(api, "ingest_so_hong"))
    assert "so-hong.yaml: line 2: the key 'sender' stands twice" in reason


def a_missed_deadline_is_recorded(stack: Stack, api: Api) -> None:
    """A night that was due five hours ago has no release: the scheduler sees it, the triggerer tells."""
    api.trigger("nightly", {"as_of": "2012-01-31"}, logical_date=now() - timedelta(hours=5))

    def told() -> bool:
        with psycopg.connect(admin_url(stack.config)) as warehouse:
            return bool(warehouse.execute("select 1 from audit.event where what = 'deadline.missed'").fetchone())

    wait_until("nobody is told of the missed deadline", told, 60)


def a_second_start_changes_nothing(stack: Stack) -> None:
    before = stack.status()
    stack.up()
    assert stack.status() == before
    assert set(before) == {"api-server", "scheduler", "dag-processor", "triggerer", "postgresql"}


def no_secret_is_in_a_log(stack: Stack) -> None:
    words = [file.read_text() for file in stack.config.keys_path.glob("airflow-*")]
    assert len(words) == 5
    assert admin_password_file(stack.config).stat().st_mode & 0o077 == 0
    logs = [file for file in stack.folder.rglob("*.log") if file.is_file()]
    assert len(logs) >= 6
    for log in logs:
        text = log.read_text(errors="replace")
        assert not [word for word in words if word in text], log.name


def test_a_busy_port_leads_to_another(stack: Stack) -> None:
    prepare_home(stack.config)
    first = stack._choose_port(lambda line: None)
    assert stack._choose_port(lambda line: None) == first, "the port of last time stays"
    said: list[str] = []
    with socket.socket() as foreign:
        foreign.bind(("127.0.0.1", first))
        foreign.listen()
        assert not is_free(first)
        assert stack._choose_port(said.append) != first
        assert not stack._port_is_ours(), "a foreign server's answer is no health"
    assert said == [f"port {first} is taken by another program: using {stack._noted_port()}"]


def test_what_is_in_the_way_is_one_line_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnreachableError, match="free some space or set CCHC_HOME"):
        prepare_home(Settings(home=tmp_path / "file/home"))
    with pytest.raises(ConfigError, match=r"unset CCHC_WAREHOUSE_URL, or use docker-compose\.yml"):
        prepare_home(Settings(home=tmp_path, warehouse_url=f"postgresql://u:{secrets.token_hex(4)}@h/d"))


def test_stopping_ends_the_whole_session_and_no_stranger(tmp_path: Path) -> None:
    """Tasks lead process groups of their own; one that ignores the polite signal is ended all the same."""
    script = "trap '' TERM; setsid -f true; (set -m; sleep 600 & sleep 600 & wait)"
    program = Program("stubborn", ("bash", "-c", script), tmp_path)
    program.start(dict(os.environ))
    program.start(dict(os.environ))
    wait_until("no children", lambda: len(program.session()) >= 3, 10)
    groups = {os.getpgid(process.pid) for process in program.session()}
    assert len(groups) > 1
    stranger = subprocess.Popen(["sleep", "600"], start_new_session=True)
    note = tmp_path / "stubborn.pid"
    written = note.read_text()
    note.write_text(f'{{"pid": {stranger.pid}, "born": 1.0}}')  # the number was given to another process since
    assert program.session() == []
    assert program.pid() is None
    stop_all([program])
    assert stranger.poll() is None
    stranger.kill()
    note.write_text(written)
    stop_all([program])
    assert program.session() == []

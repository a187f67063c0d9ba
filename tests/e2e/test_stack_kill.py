"""A task, the database and the scheduler are killed in the middle of the ingests; the figures are an undisturbed run's."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from cchc.clock import parse_as_of
from cchc.settings import settings
from cchc.stack.api import ENDED, Api
from cchc.stack.local import Stack
from cchc.stack.names import sender_dag_ids
from cchc.stack.processes import wait_until
from cchc.warehouse.connect import admin_url
from house import PROJECT, installation

pytestmark = pytest.mark.long
AS_OF = "2013-12-31"
SENDERS = 12  # of the demonstration's 31: enough to be in the middle of
DELIVERIES = """select source_id, sha256, status, rows_read, rows_accepted, rows_unchanged, rows_quarantined, rows_skipped
  from ops.delivery order by 1, 2"""
FIGURES = "select figure, numerator, denominator, value, status from release.measure order by 1"
RANKS = "select agency_code, framework, period_code, points, rank from release.index_unit order by 1, 2, 3"
DUTIES = "select agency_code, obligation, directive, measure, period_code, status from release.compliance order by 1, 2, 3, 4, 5"


def everything(url: str) -> list[list[tuple]]:
    """All that must not depend on what was killed."""
    with psycopg.connect(url) as admin:
        return [admin.execute(query).fetchall() for query in (DELIVERIES, FIGURES, RANKS, DUTIES)]


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's province with its first senders."""
    folder = tmp_path_factory.mktemp("province") / "son-la"
    shutil.copytree(PROJECT / "dags/provinces/son-la", folder)
    for file in sorted((folder / "sources").glob("*.yaml"))[SENDERS:]:
        file.unlink()
    return folder


@pytest.fixture(scope="module")
def undisturbed(server: str, province: Path, tmp_path_factory: pytest.TempPathFactory) -> list[list[tuple]]:
    """The demonstration's night without Airflow and without trouble."""
    from cchc.demo import generate
    from cchc.intake.reference import load_reference
    from cchc.intake.run import ingest_all
    from cchc.night.run import run_night

    with pytest.MonkeyPatch.context() as patch, installation(server, tmp_path_factory.mktemp("quiet"), province, patch) as config:
        generate(config.inbox_path, config.province)
        load_reference(config)
        ingest_all(config, parse_as_of(AS_OF))
        run_night(config, parse_as_of(AS_OF))
        return everything(admin_url(config))


@pytest.fixture
def stack(undisturbed: list, province: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """A stack of the demonstration in a home of its own, with a database that survives a kill."""
    for word in [word for word in os.environ if word.startswith("CCHC_") and word != "CCHC_SHARED"]:
        monkeypatch.delenv(word)
    monkeypatch.setenv("CCHC_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CCHC_PROVINCE", str(province))
    settings.cache_clear()
    stack = Stack(settings())
    yield stack
    stack.down()
    settings.cache_clear()


class Ingests:
    """One run of each sender's DAG."""

    def __init__(self, api: Api, province: Path):
        dags = sender_dag_ids(province)
        wait_until("the DAGs are not read", lambda: set(dags) | {"nightly"} <= api.dag_ids(), 120)
        api.set_paused(False)
        self.runs = {dag: api.trigger(dag, {"as_of": AS_OF}) for dag in dags}

    def wait_for(self, api: Api, ended: int) -> None:
        wait_until(f"{ended} ingests don't end", lambda: len(self.ended(api)) >= ended, 900, every=0.2)

    def ended(self, api: Api) -> dict[str, str]:
        return {dag: state for dag, state in api.run_states(self.runs).items() if state in ENDED}


def kill_a_task(stack: Stack) -> None:
    """A task's process leads a group of its own in the scheduler's session."""
    scheduler = stack.programs()[-1]

    def task() -> psutil.Process | None:
        mine = (p for p in scheduler.session() if p.pid != scheduler.pid() and os.getpgid(p.pid) == p.pid)
        return next(mine, None)

    wait_until("no task runs", lambda: task() is not None, 60, every=0.05)
    found = task()
    assert found
    found.kill()


def kill_the_database(stack: Stack) -> None:
    from cchc.warehouse.embedded import EmbeddedServer

    pid = int((EmbeddedServer(stack.config).data / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    wait_until("the database does not die", lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie", 30)


def kill_the_scheduler(stack: Stack) -> None:
    """With all its tasks; who starts it again at once must find it dead."""
    scheduler = stack.programs()[-1]
    for process in scheduler.session():
        process.kill()
    wait_until("the scheduler does not die", lambda: not scheduler.session(), 30, every=0.05)


@pytest.mark.timeout(1500)
def test_figures_survive_kills(stack: Stack, undisturbed: list[list[tuple]]) -> None:
    from cchc.demo import generate
    from cchc.intake.reference import load_reference

    api = stack.up()
    generate(stack.config.inbox_path, stack.config.province)
    load_reference(stack.config)
    ingests = Ingests(api, stack.config.province)
    total = len(ingests.runs)
    for ended, kill in ((1, kill_a_task), (3, kill_the_database), (6, kill_the_scheduler)):
        ingests.wait_for(api, ended)
        assert len(ingests.ended(api)) < total, "the kill came too late to prove anything"
        kill(stack)
        api = stack.up()
    ingests.wait_for(api, total)
    failed = {dag for dag, state in ingests.ended(api).items() if state == "failed"}
    assert failed == set(), [api.reasons(dag, ingests.runs[dag]) for dag in failed]

    night = {"nightly": api.trigger("nightly", {"as_of": AS_OF})}
    wait_until("the night does not end", lambda: api.run_states(night).get("nightly") in ENDED, 600)
    assert api.run_states(night) == {"nightly": "success"}, api.reasons("nightly", night["nightly"])
    prints_the_report(api, api.result("nightly", night["nightly"], "freeze"))
    disturbed = everything(admin_url(stack.config))
    assert [len(part) for part in disturbed] == [len(part) for part in undisturbed]
    assert disturbed == undisturbed
    assert tries(stack) > total, "no task was ever tried twice: nothing was disturbed"


def prints_the_report(api: Api, release: str) -> None:
    report = {"report": api.trigger("report", {"period": "2013-Q4", "release": release})}
    wait_until("the report does not end", lambda: api.run_states(report).get("report") in ENDED, 120)
    assert api.run_states(report) == {"report": "success"}, api.reasons("report", report["report"])
    files = [Path(name) for name in api.result("report", report["report"], "print_draft", 0)]
    assert [file.suffix for file in files if file.stat().st_size > 1000] == [".docx", ".pdf", ".xlsx", ".json"]


def tries(stack: Stack) -> int:
    with psycopg.connect(admin_url(stack.config, "cchc_airflow")) as metadata:
        return metadata.execute("select sum(try_number) from task_instance where dag_id like 'ingest_%'").fetchone()[0]

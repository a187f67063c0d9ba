"""Every DAG there is, by name, and what each must have."""

import os
import subprocess
import sys
from collections.abc import Callable
from time import perf_counter

import pytest
from dag_folder import DAGS, PROJECT, load_dags

from cchc.settings import Settings, settings

pytestmark = pytest.mark.usefixtures("airflow")
OTHERS = {"nightly", "report", "upkeep", "mail"}
OUTSIDE = {"ingest", "cut", "build", "freeze", "print_draft", "backup", "vacuum", "orphans", "reminders", "alerts"}


def test_the_demonstration_has_exactly_these_dags(config: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    province = PROJECT / "dags/provinces/son-la"
    monkeypatch.setenv("CCHC_PROVINCE", str(province))
    settings.cache_clear()
    bag = load_dags()
    assert bag.import_errors == {}
    stems = [file.stem for file in (province / "sources").glob("*.yaml")]
    assert len(stems) >= 30
    assert set(bag.dags) == OTHERS | {f"ingest_{stem.replace('-', '_')}" for stem in stems}
    assert not [dag for dag in bag.dags.values() if "broken" in dag.tags]


def test_each_has_owner_docs_schedule_and_zone(config: Settings, senders: Callable[..., None]) -> None:
    senders(so_mot=None)
    dags = load_dags().dags
    assert set(dags) == OTHERS | {"ingest_so_mot"}
    for name, dag in dags.items():
        assert dag.owner == "so-noi-vu", name
        assert dag.doc_md and len(dag.doc_md) > 100, name
        assert dag.catchup is False, name
        assert str(dag.timetable._timezone) == "Asia/Ho_Chi_Minh", name
    assert {name: dag.timetable._expression for name, dag in dags.items()} == {
        "ingest_so_mot": "15 20 * * *", "nightly": "0 1 * * *", "upkeep": "30 5 * * *", "report": "0 6 * * *",
        "mail": "0 8 * * *",
    }  # fmt: skip


def test_what_talks_to_the_outside_is_tried_again(config: Settings, senders: Callable[..., None]) -> None:
    senders(so_mot=None)
    tasks = [task for dag in load_dags().dags.values() for task in dag.tasks]
    assert {task.task_id for task in tasks} >= OUTSIDE
    for task in tasks:
        if task.task_id in OUTSIDE:
            assert task.retries == 2, task
            assert task.retry_exponential_backoff == 2.0, task


def test_only_one_run_of_a_sender_or_a_night_at_a_time(config: Settings, senders: Callable[..., None]) -> None:
    senders(so_mot=None)
    dags = load_dags().dags
    assert dags["ingest_so_mot"].max_active_runs == dags["nightly"].max_active_runs == 1


def test_the_night_ends_in_freeze_alone(config: Settings) -> None:
    night = load_dags().dags["nightly"]
    assert [task.task_id for task in night.topological_sort()] == ["wait_for_ingests", "cut", "build", "gate", "freeze"]
    assert [task.task_id for task in night.leaves] == ["freeze"]
    assert {task.trigger_rule for task in night.tasks} == {"all_success"}


@pytest.mark.parametrize("as_of", [None, "2013-12-31", "2013-12-31T23:59:59+07:00"])
def test_as_of_takes_dates_and_instants(config: Settings, as_of: str | None) -> None:
    params = load_dags().dags["nightly"].params
    assert params.validate() == {"as_of": None, "full_refresh": False}
    params["as_of"] = as_of
    assert params.validate()["as_of"] == as_of


@pytest.mark.parametrize("as_of", ["yesterday", "31/12/2013", "2013-12-31 23:59", 20131231])
def test_as_of_refuses_anything_else(config: Settings, as_of: object) -> None:
    from airflow.sdk.exceptions import ParamValidationError

    params = load_dags().dags["nightly"].params
    with pytest.raises(ParamValidationError):
        params["as_of"] = as_of


@pytest.mark.parametrize(
    ("name", "value", "good"),
    [("period", "2013-Q4", True), ("period", "2013-9M", True), ("period", "2013-Q5", False), ("period", "Quý 4", False),
     ("formats", ["pdf"], True), ("formats", ["doc"], False), ("formats", [], False), ("scope", "H52.03", True), ("scope", "a b", False)],
)  # fmt: skip
def test_the_report_form_is_typed(config: Settings, name: str, value: object, good: bool) -> None:
    from airflow.sdk.exceptions import ParamValidationError

    params = load_dags().dags["report"].params
    if good:
        params[name] = value
        return
    with pytest.raises(ParamValidationError):
        params[name] = value


@pytest.mark.parametrize(
    ("text", "says"),
    [("sender: A\nsender: B\n", "line 2: the key 'sender' stands twice"), ("sender: [", "broken.yaml"), ("just words", "sources"),
     ('sender: A\nschedule: "99 99 * * *"\nsources: {x: {feed: staff}}\n', "99 99"), ("sender: A\nsources: {x: 1}\n", "broken.yaml")],
)  # fmt: skip
def test_an_unreadable_yaml_is_a_dag_that_fails_and_stops_no_other(
    config: Settings, senders: Callable[..., None], text: str, says: str
) -> None:
    senders(so_mot=None, broken=text)
    bag = load_dags()
    assert bag.import_errors == {}
    assert set(bag.dags) == OTHERS | {"ingest_so_mot", "ingest_broken"}
    broken = bag.dags["ingest_broken"]
    assert "broken" in broken.tags
    assert says in broken.doc_md
    run = broken.test()
    assert run.state == "failed"


def test_two_files_that_give_one_dag_are_one_visible_error(config: Settings, senders: Callable[..., None]) -> None:
    senders(so_mot=None)
    (config.province / "sources/so_mot.yaml").write_text("sender: X01.02\n", encoding="utf-8")
    bag = load_dags()
    assert set(bag.dags) == OTHERS | {"ingest_so_mot"}
    broken = bag.dags["ingest_so_mot"]
    assert "so-mot.yaml, so_mot.yaml give one DAG" in broken.doc_md
    assert broken.test().state == "failed"


def test_full_refresh_is_yes_or_no(config: Settings) -> None:
    from airflow.sdk.exceptions import ParamValidationError

    params = load_dags().dags["nightly"].params
    params["full_refresh"] = True
    with pytest.raises(ParamValidationError):
        params["full_refresh"] = "maybe"


def test_sixty_senders_parse_in_under_two_seconds(config: Settings, senders: Callable[..., None]) -> None:
    senders(**{f"so_{n:02d}": None for n in range(60)})
    load_dags()
    begun = perf_counter()
    bag = load_dags()
    assert len(bag.dags) == 64
    assert perf_counter() - begun < 2.0  # measured 0.3 s on an idle machine


def test_parsing_does_no_work(config: Settings, senders: Callable[..., None]) -> None:
    """No heavy library is imported and no server is asked: the time stays what it is when the machine is busy."""
    senders(so_mot=None)
    script = (
        "import sys, airflow.models\nfrom airflow.dag_processing.dagbag import DagBag\nbefore = set(sys.modules)\n"
        f"assert len(DagBag({str(DAGS)!r}).dags) == 5\n"
        "print(*sorted({name.split('.')[0] for name in set(sys.modules) - before}))"
    )
    words = {**os.environ, "PYTHONPATH": str(DAGS)}
    done = subprocess.run([sys.executable, "-c", script], env=words, capture_output=True, text=True, check=True)
    new = set(done.stdout.splitlines()[-1].split())
    assert "cchc" in new
    assert not new & {
        "pandas",
        "pyarrow",
        "numpy",
        "psycopg",
        "pgpq",
        "dbt",
        "great_expectations",
        "typst",
        "docx",
    }

"""The DAGs run, in this process, on a small province."""

from datetime import timedelta
from typing import Any

import pytest
from dag_folder import load_dags

from cchc.clock import ZONE, parse_as_of
from cchc.intake.reference import load_reference
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from small_night import make_province, send_dossiers, send_staff

DOSSIERS = [
    ("A-1", "2013-03-01T08:00", "2013-03-10T17:00", "2013-03-05T10:00", "2013-03-05T10:00"),
    ("A-2", "2013-03-01T08:00", "2013-03-10T17:00", "2013-03-12T10:00", "2013-03-12T10:00"),
]
pytestmark = pytest.mark.usefixtures("airflow")


def run(dag_id: str, **params: Any) -> Any:
    dag = load_dags().dags[dag_id]
    dag.deadline = None  # dag.test() of Airflow 3.3 fails at a successful end with one; the scheduler's runs have it
    return dag.test(run_conf=params)


def rows(query: str) -> list[tuple]:
    with connect("cchc_loader") as connection:
        return connection.execute(query).fetchall()


def states(dag_run: Any) -> dict[str, str]:
    return {task.task_id: task.state for task in dag_run.get_task_instances()}


def test_ingest_takes_in_once_what_had_arrived(small_province: Settings) -> None:
    load_reference(small_province)
    assert run("ingest_so_mot", as_of="2012-01-09").state == "success"
    assert rows("select count(*) from ops.delivery") == [(0,)]
    for _ in range(2):
        assert run("ingest_so_mot", as_of="2012-01-10").state == "success"
    assert rows("select status, rows_read, rows_accepted from ops.delivery") == [("accepted", 1, 1)]


def test_a_source_that_cant_be_reached_is_red_and_tried_again(small_province: Settings) -> None:
    load_reference(small_province)
    small_province.inbox_path.rename(small_province.home / "away")
    dag = load_dags().dags["ingest_so_mot"]
    ingest = dag.get_task("ingest")
    ingest.retry_delay, ingest.retry_exponential_backoff = timedelta(seconds=0.1), 0  # seconds for minutes
    [tried] = dag.test(run_conf={"as_of": "2012-01-10"}).get_task_instances()
    assert (tried.state, tried.try_number) == ("failed", 3)
    [(state, message)] = rows("select state, message from ops.ingest")
    assert state == "failed"
    assert "is not there" in message


def test_without_as_of_a_run_speaks_for_when_it_was_due(airflow: None) -> None:
    from types import SimpleNamespace

    from cchc_dag import as_of_of

    due = parse_as_of("2013-12-31T20:00:00+07:00")
    assert as_of_of({"as_of": None}, SimpleNamespace(run_after=due.astimezone())) == due
    assert as_of_of({"as_of": None}, SimpleNamespace(run_after=due)).tzinfo == ZONE
    assert as_of_of({"as_of": "2013-01-01"}, SimpleNamespace(run_after=due)) == parse_as_of("2013-01-01")


def test_a_night_ends_with_a_release(config: Settings) -> None:
    make_province(config)
    for sender in ("so-mot", "so-hai"):
        send_dossiers(config, "2013-03-31", DOSSIERS, sender)
        send_staff(config, "2013-03-31", 10, sender)
    load_reference(config)
    for dag in ("ingest_so_mot", "ingest_so_hai"):
        run(dag, as_of="2013-03-31")
    night = run("nightly", as_of="2013-03-31")
    assert states(night) == dict.fromkeys(["wait_for_ingests", "cut", "build", "gate", "freeze"], "success")
    assert rows("select state, reason from ops.night") == [("released", None)]


def test_a_refusing_gate_leaves_the_run_red_and_the_reason_in_one_place(small_province: Settings) -> None:
    """A province without a single dossier: the balance of nothing is no balance, so the gate refuses."""
    load_reference(small_province)
    run("ingest_so_mot", as_of="2012-01-31")
    night = run("nightly", as_of="2012-01-31")
    assert night.state == "failed"
    assert states(night) == {
        "wait_for_ingests": "success", "cut": "success", "build": "success", "gate": "failed", "freeze": "upstream_failed",
    }  # fmt: skip
    [(state, reason)] = rows("select state, reason from ops.night")
    assert state == "red"
    assert "states_balance" in reason
    assert [task.try_number for task in night.get_task_instances() if task.task_id == "gate"] == [1], "a refusal is not tried again"


def test_upkeep_backs_up_and_tells(small_province: Settings) -> None:
    load_reference(small_province)
    run("ingest_so_mot", as_of="2012-01-31")
    upkeep = run("upkeep", as_of="2012-01-31")
    assert states(upkeep) == dict.fromkeys(["backup", "retention", "vacuum", "calendar_horizon", "orphans"], "success")
    [backup] = small_province.home.glob("backup/*/manifest.json")
    assert '"ops.delivery": 1' in backup.read_text(encoding="utf-8")


def test_upkeep_is_red_where_the_calendar_ends_and_the_rest_is_done(small_province: Settings) -> None:
    load_reference(small_province)
    upkeep = run("upkeep", as_of="2013-12-20")
    assert upkeep.state == "failed"
    assert states(upkeep) == dict.fromkeys(["backup", "retention", "vacuum", "orphans"], "success") | {"calendar_horizon": "failed"}


@pytest.mark.parametrize(
    ("as_of", "clock", "missing", "goes_on"),
    [
        (None, "2014-01-01T02:59:00", ["H52.03"], False),
        (None, "2014-01-01T03:00:00", ["H52.03"], True),
        (None, "2014-01-01T01:00:00", [], True),
        ("2013-12-31", "2014-01-01T09:00:00", ["H52.03"], False),
        ("2013-12-31", "2014-01-01T01:00:00", [], True),
    ],
)
def test_the_cut_waits_for_ingests_or_three_o_clock(
    airflow: None, config: Settings, monkeypatch: pytest.MonkeyPatch, as_of: str | None, clock: str, missing: list[str], goes_on: bool
) -> None:
    from types import SimpleNamespace

    import cchc.clock
    import cchc.night.run
    from nightly import ingests_have_ended

    monkeypatch.setattr(cchc.clock, "now", lambda: parse_as_of(clock))
    monkeypatch.setattr(cchc.night.run, "unfinished_ingests", lambda *_: missing)
    assert ingests_have_ended({"as_of": as_of}, SimpleNamespace(run_after=parse_as_of(clock))) is goes_on

"""The night: wait for the day's ingests, take the cut, build everything from it, check it, freeze a release."""

from datetime import timedelta
from typing import Any

from airflow.providers.standard.sensors.python import PythonSensor
from airflow.sdk import DAG, AsyncCallback, DeadlineAlert, DeadlineReference, Param, task

from cchc_alert import release_is_late
from cchc_dag import OWNER, RETRY, as_of_of, as_of_param, at, refuses_for_good

LATEST_CUT = 3  # o'clock: the cut is taken then, whoever is still missing
ALERT_AFTER = timedelta(hours=4)  # 05:00
FULL_REFRESH = Param(False, type="boolean", title="Dựng lại toàn bộ", description="Build the facts whole instead of what changed.")

DOC = """
The **night** of the province.

1. `wait_for_ingests`: until every ingest that is due has ended, or 03:00, whichever is first
2. `cut`: the list of deliveries that this night takes in; what comes later waits for the next night
3. `build`: one dbt build, staging to reporting
4. `gate`: suites and dbt tests. A critical failure ends here: **the run is red, the last release stands**, and the
   reason is in `ops.night.reason` (also the last line of this task's log)
5. `freeze`: the release, signed

With `as_of` in the past (a replay) nothing waits for the clock, only for ingests that are still running.
No release by 05:00: the contacts in the reference data are told.
"""


def ingests_have_ended(params: dict[str, Any], dag_run: Any) -> bool:
    """Whether the cut may be taken now."""
    from cchc import clock
    from cchc.night.run import unfinished_ingests
    from cchc.settings import settings

    missing = unfinished_ingests(settings(), as_of_of(params, dag_run))
    if missing:
        print("still running or due:", ", ".join(missing))
    return not missing or (not params.get("as_of") and clock.now().hour >= LATEST_CUT)


def cut(params: dict[str, Any], dag_run: Any) -> int:
    """Take the cut; returns its id."""
    from cchc.night.run import take_cut
    from cchc.settings import settings

    return take_cut(settings(), as_of_of(params, dag_run))


def build(cut_id: int, params: dict[str, Any]) -> int:
    """Build facts, measures and marts from the cut, the facts whole when asked to; returns the night's id."""
    from cchc.night import run
    from cchc.settings import settings

    return run.build(settings(), cut_id, bool(params.get("full_refresh")))


def gate(night_id: int) -> int:
    """Let the night's result through or refuse it, with the reason."""
    from cchc.night import run
    from cchc.settings import settings

    run.gate(settings(), night_id)
    return night_id


def freeze(night_id: int) -> str:
    """Freeze the release; returns its id."""
    from cchc.night import run
    from cchc.settings import settings

    return run.freeze(settings(), night_id)


with DAG(
    "nightly",
    schedule=at("0 1 * * *"),
    catchup=False,
    max_active_runs=1,
    default_args={"owner": OWNER, **RETRY},
    params={"as_of": as_of_param(), "full_refresh": FULL_REFRESH},
    deadline=DeadlineAlert(
        reference=DeadlineReference.DAGRUN_LOGICAL_DATE,
        interval=ALERT_AFTER,
        callback=AsyncCallback(release_is_late),
        name="no release by 05:00",
    ),
    doc_md=DOC,
    tags=["night"],
) as nightly:
    waited = PythonSensor(
        task_id="wait_for_ingests",
        python_callable=ingests_have_ended,
        mode="reschedule",
        poke_interval=60,
        timeout=timedelta(hours=3).total_seconds(),
    )
    cut_id = task(task_id="cut")(refuses_for_good(cut))()
    night_id = task(task_id="build")(refuses_for_good(build))(cut_id)
    passed = task(task_id="gate")(refuses_for_good(gate))(night_id)
    waited >> cut_id
    task(task_id="freeze")(refuses_for_good(freeze))(passed)

"""One DAG per sender: takes in what the sender's sources hold. Made from the province folder's sources/*.yaml.

Parsing reads those YAML files and nothing else; a task's process builds its own sender's DAG only.
"""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from airflow.sdk import DAG, get_parsing_context, task
from airflow.timetables.trigger import CronTriggerTimetable

from cchc.contracts.safe_yaml import read_yaml
from cchc.errors import ConfigError
from cchc.settings import settings
from cchc.stack.names import ingest_dag_id, sender_dag_ids
from cchc_dag import OWNER, RETRY, as_of_of, as_of_param, at, refuses_for_good


def read_outline(file: Path) -> dict[str, Any]:
    """What the DAG itself needs of a sender's YAML. Raises ConfigError when that is missing or wrong."""
    outline = read_yaml(file)
    if not isinstance(outline, dict) or not isinstance(outline.get("sources"), dict) or not outline.get("sender"):
        raise ConfigError(f"{file.name}: a sender's file has `sender`, `schedule` and `sources` with at least one source")
    return outline


def doc_of(file: Path, outline: dict[str, Any]) -> str:
    """The DAG's page: who sends what, how often."""
    rows = [
        f"| {name} | {source.get('feed', '?')} | {source.get('every', '?')} | {'yes' if source.get('required') else 'no'} |"
        for name, source in outline["sources"].items()
    ]
    head = [f"Takes in what sender **{outline['sender']}** delivers (`sources/{file.name}`).", ""]
    table = ["| source | feed | every | required |", "|---|---|---|---|", *rows]
    tail = ["", "Red: a source could not be reached or read; the log names it, the others were taken in all the same."]
    return "\n".join([*head, *table, *tail])


def ingest(file: str, params: dict[str, Any], dag_run: Any) -> dict[str, int]:
    """Take in one sender's deliveries; returns how many are in which state, for the run's page."""
    from cchc.intake.run import ingest_sender

    result = ingest_sender(settings(), Path(file), as_of_of(params, dag_run))
    if result.failures:
        raise RuntimeError("; ".join(f"{source}: {message}" for source, message in result.failures.items()))
    return dict(Counter(result.deliveries.values()))


def sender_dag(file: Path, *others: Path) -> DAG:
    """The DAG of one sender; an unreadable file gives a placeholder whose one task fails with the error.

    So do `others`, files whose names give the same DAG (`so-noi.yaml`, `so_noi.yaml`): none of them wins in silence.
    """
    if others:
        names = ", ".join(path.name for path in (file, *others))
        return broken_dag(file, f"{names} give one DAG, {ingest_dag_id(file)}: rename all but one")
    try:
        outline = read_outline(file)
        schedule = at(outline.get("schedule", "0 20 * * *"))
        return _dag(file, schedule, doc_of(file, outline), sorted({s["feed"] for s in outline["sources"].values()}))
    except Exception as error:  # noqa: BLE001  (whatever one file holds, the others' DAGs must come)
        return broken_dag(file, f"{file.name}: {error}" if file.name not in str(error) else str(error))


def _dag(file: Path, schedule: CronTriggerTimetable, doc: str, feeds: list[str]) -> DAG:
    with DAG(
        ingest_dag_id(file),
        schedule=schedule,
        catchup=False,
        max_active_runs=1,
        default_args={"owner": OWNER, **RETRY},
        dagrun_timeout=timedelta(hours=6),
        params={"as_of": as_of_param()},
        doc_md=doc,
        tags=["ingest", *feeds],
    ) as dag:
        task(task_id="ingest")(refuses_for_good(ingest))(str(file))
    return dag


def broken_dag(file: Path, message: str) -> DAG:
    """A DAG that stands for a file nobody can read: it has the sender's place and fails with the reason."""

    def fail() -> None:
        raise ConfigError(f"{message}. Mend {file.name}, this DAG then becomes the sender's own")

    with DAG(
        ingest_dag_id(file),
        schedule=at("0 20 * * *"),
        catchup=False,
        max_active_runs=1,
        default_args={"owner": OWNER, "retries": 0},
        doc_md=f"`sources/{file.name}` can't be read:\n\n    {message}",
        tags=["ingest", "broken"],
    ) as dag:
        task(task_id="ingest")(fail)()
    return dag


wanted = get_parsing_context().dag_id
for dag_id, sender_files in sender_dag_ids(settings().province).items():
    if wanted in (None, dag_id):
        globals()[dag_id] = sender_dag(*sender_files)

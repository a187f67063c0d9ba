"""`make demo`: the demonstration province's quarter, from made-up files to a printed report, by the real scheduler."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

from cchc.clock import monotonic
from cchc.errors import DataError, GateError, UnreachableError
from cchc.settings import Settings
from cchc.stack.api import ENDED, Api
from cchc.stack.local import Stack, prepare_home
from cchc.stack.names import sender_dag_ids
from cchc.stack.progress import Counter, say
from cchc.stack.secrets import ADMIN_USER, admin_password_file
from cchc.stack.summary import print_summary
from cchc.warehouse.migrate import migrate

AS_OF = date(2013, 12, 31)
PERIOD = "2013-Q4"
READ_SECONDS = 90
RUN_SECONDS = 1200


def demo(config: Settings) -> list[Path]:
    """Run the demonstration and print its report's summary, files and the way to the pages. Returns the files.

    Raises CchcError naming what failed and where its log is.
    """
    begun = monotonic()
    prepare_home(config)
    stack = Stack(config)
    with ThreadPoolExecutor(1) as beside:  # the senders write while Airflow starts
        migrate(config)
        data = beside.submit(_prepare_data, config)
        api = stack.up(say)
        data.result()
    files = run_chain(api, config)
    print_summary(files)
    say(f"done in {monotonic() - begun:.0f} s")
    print(f"\nAirflow: {stack.url}   login: {ADMIN_USER}   password: in {admin_password_file(config)}")
    return files


def run_chain(api: Api, config: Settings, as_of: date = AS_OF, period: str = PERIOD) -> list[Path]:
    """Ingest everyone, do the night, print the report, all through the scheduler. Returns the files."""
    ingests = _known_ingests(api, config)
    api.set_paused(False)
    try:
        words = {"as_of": as_of.isoformat()}
        _run(api, dict.fromkeys(ingests, words), "senders taken in")
        night = _run(api, {"nightly": words}, "night")["nightly"]
        release = api.result("nightly", night, "freeze")
        printed = _run(api, {"report": {"period": period, "release": release}}, "report")["report"]
        return [Path(name) for name in api.result("report", printed, "print_draft", 0)]
    finally:
        api.set_paused(True)  # the demonstration's clock stands still until someone switches a DAG on


def _prepare_data(config: Settings) -> None:
    from cchc.demo import generate
    from cchc.intake.reference import load_reference

    generate(config.inbox_path, config.province)
    load_reference(config)


def _known_ingests(api: Api, config: Settings) -> list[str]:
    """The ingest DAGs of all senders, once the dag-processor has read them. Raises UnreachableError when it doesn't."""
    wanted = set(sender_dag_ids(config.province))
    end = monotonic() + READ_SECONDS
    while missing := (wanted | {"nightly", "report"}) - api.dag_ids():
        if monotonic() > end:
            raise UnreachableError("; ".join(api.import_errors()) or f"the dag-processor has not read {', '.join(sorted(missing)[:3])}")
        time.sleep(0.5)
    return sorted(wanted)


def _run(api: Api, wanted: dict[str, dict[str, Any]], what: str) -> dict[str, str]:
    """Trigger one run of each DAG and wait for all. Returns DAG → run id; raises naming those that failed."""
    counter = Counter(what, len(wanted))
    counter.show(0)
    runs = {dag: api.trigger(dag, words) for dag, words in wanted.items()}
    end = monotonic() + RUN_SECONDS
    while True:
        states = api.run_states(runs)
        counter.show(sum(state in ENDED for state in states.values()))
        if all(states.get(dag) in ENDED for dag in runs):
            break
        if monotonic() > end:
            raise UnreachableError(f"{what}: not ended after {RUN_SECONDS} s; see the runs in Airflow's pages")
        time.sleep(0.5)
    failed = [dag for dag, state in states.items() if state == "failed"]
    if failed:
        reasons = "; ".join(f"{dag}: {', '.join(api.reasons(dag, runs[dag]))}" for dag in failed[:3])
        raise (GateError if failed == ["nightly"] else DataError)(f"{len(failed)} of {len(runs)} runs failed: {reasons}")
    return runs

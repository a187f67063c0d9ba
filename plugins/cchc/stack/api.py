"""A small client of Airflow's REST API, logged in through FAB."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx

from cchc.errors import UnreachableError

ENDED = ("success", "failed")


class Api:
    """Airflow's REST API under `url`, as one user."""

    def __init__(self, url: str, user: str, password: str):
        self._http = httpx.Client(base_url=url, timeout=30, trust_env=False)
        answer = self._call("POST", "/auth/token", json={"username": user, "password": password})
        self._http.headers["Authorization"] = f"Bearer {answer['access_token']}"

    def health(self) -> dict[str, str]:
        """Component → status, e.g. {"scheduler": "healthy"}."""
        return {name: part.get("status") for name, part in self._call("GET", "/api/v2/monitor/health").items()}

    def dag_ids(self) -> set[str]:
        """All DAGs that the dag-processor has read."""
        answer = self._call("GET", "/api/v2/dags", params={"limit": 1000, "exclude_stale": True})
        return {dag["dag_id"] for dag in answer["dags"]}

    def import_errors(self) -> list[str]:
        """What the dag-processor could not read, one line each."""
        answer = self._call("GET", "/api/v2/importErrors")
        return [f"{e['filename']}: {e['stack_trace'].strip().splitlines()[-1]}" for e in answer["import_errors"]]

    def set_paused(self, paused: bool) -> None:
        """Pause or unpause every DAG."""
        params = {"dag_id_pattern": "~", "limit": 1000}
        self._call("PATCH", "/api/v2/dags", params=params, json={"is_paused": paused})

    def trigger(self, dag_id: str, conf: dict[str, Any], logical_date: datetime | None = None) -> str:
        """Start a run; returns its id. With `logical_date` it stands for the scheduled run of that instant."""
        body = {"logical_date": logical_date and logical_date.isoformat(), "conf": conf}
        return self._call("POST", f"/api/v2/dags/{dag_id}/dagRuns", json=body)["dag_run_id"]

    def run_states(self, runs: dict[str, str]) -> dict[str, str]:
        """DAG → state, for the runs given as DAG → run id."""
        body = {"dag_ids": sorted(runs), "order_by": "-id", "page_limit": 1000}
        found = self._call("POST", "/api/v2/dags/~/dagRuns/list", json=body)["dag_runs"]
        return {run["dag_id"]: run["state"] for run in found if runs.get(run["dag_id"]) == run["dag_run_id"]}

    def result(self, dag_id: str, run_id: str, task_id: str, map_index: int = -1) -> Any:
        """What a task returned."""
        path = f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/xcomEntries/return_value"
        return self._call("GET", path, params={"map_index": map_index, "deserialize": True})["value"]

    def reasons(self, dag_id: str, run_id: str) -> list[str]:
        """Why a run failed: task and the last error in its log."""
        path = f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances"
        failed = self._call("GET", path, params={"state": ["failed"]})["task_instances"]
        return [f"{task['task_id']}: {self._last_error(path, task)}" for task in failed]

    def _last_error(self, path: str, task: dict[str, Any]) -> str:
        answer = self._call(
            "GET",
            f"{path}/{task['task_id']}/logs/{task['try_number']}",
            params={"map_index": task["map_index"], "full_content": True},
        )
        entries = [entry for entry in answer["content"] if isinstance(entry, dict) and entry.get("level") in ("error", "critical")]
        return next(_words(entries), "see its log")

    def _call(self, method: str, path: str, **words: Any) -> Any:
        try:
            answer = self._http.request(method, path, **words)
        except httpx.HTTPError as error:
            raise UnreachableError(f"Airflow's api-server does not answer {method} {path}: {error!r}") from error
        if answer.status_code >= 400:
            raise UnreachableError(f"Airflow's api-server answers {method} {path} with {answer.status_code}: {answer.text[:300]}")
        return answer.json()


def _words(entries: list[dict[str, Any]]) -> Iterator[str]:
    for entry in reversed(entries):
        for detail in entry.get("error_detail") or []:
            if detail.get("exc_value"):
                yield detail["exc_value"]
        if not entry.get("error_detail"):
            yield str(entry.get("event"))

"""One `dbt build` a night, in this process (decision 10); the outcome of every node goes to ops.model_result."""

import gc
import hashlib
import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from cchc.errors import UnreachableError, without_values
from cchc.settings import Settings
from cchc.uncollected import uncollected
from cchc.warehouse.connect import role_url
from cchc.warehouse.roles import TRANSFORMER

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

GOOD = {"success", "pass", "warn"}
LOST = re.compile(  # what libpq says of a server that ended, does not answer or is not up yet
    r"server closed the connection|terminating connection|connection already closed|could not connect|connection to server"
    r"|Connection refused|SSL connection has been closed|the database system is"
)
QUIETLY = (  # what failed is told by us, without values: dbt's own logs and run_results.json would quote cells
    "--quiet", "--no-use-colors", "--log-level", "none", "--log-level-file", "none", "--no-write-json",
)  # fmt: skip

ONLY_MADE = ("--exclude-resource-type", "unit_test", "--exclude-resource-type", "test")


@dataclass(frozen=True)
class Node:
    """One model or test of the build."""

    name: str
    status: str
    seconds: float
    rows: int | None
    message: str

    @property
    def lost(self) -> bool:
        """Whether the database went away under it; that is nobody's data's fault and worth another try."""
        return self.failed and bool(LOST.search(self.message))

    @property
    def failed(self) -> bool:
        """Whether this node speaks against the night."""
        return self.status not in GOOD


_parsed: dict[str, "Manifest"] = {}  # one parse per process: replays of many nights reuse it


def build_marts(config: Settings, as_of: datetime, cut_id: int, since_cut_id: int) -> list[Node]:
    """Run staging to reporting for one cut; returns every node's outcome.

    `since_cut_id`: the last cut whose facts are complete (0: none, facts are built whole). Raises UnreachableError when
    the warehouse goes away.
    """
    values = {"province": config.province.name, "as_of": as_of.isoformat(), "cut_id": cut_id, "since_cut_id": since_cut_id,
              "code": code_hash(config)}  # fmt: skip
    manifest = parse(config)
    call = ["build", *_places(config, values), "--exclude-resource-type", "unit_test", "--exclude", " ".join(unread(manifest))]
    outcome = _invoke(config, call + (["--full-refresh"] if since_cut_id == 0 else []), manifest)
    if outcome.exception:
        _parsed.clear()
        if LOST.search(str(outcome.exception)):
            raise UnreachableError(f"the warehouse went away during the build: {without_values(str(outcome.exception))[:200]}")
        raise outcome.exception
    return [_node(result) for result in outcome.result.results]


def build_aside(config: Settings, models: list[str], as_of: datetime, cut_id: int, prefix: str) -> list[Node]:
    """Build some models, whole, and what they are made of as a cut had it, into schemas of another prefix; returns the nodes' outcome.

    Raises what dbt raises when the project can't be read.
    """
    values = {"province": config.province.name, "as_of": as_of.isoformat(), "cut_id": cut_id, "since_cut_id": 0, "code": code_hash(config)}
    chosen = ["--select", " ".join(f"+{name}" for name in models), "--full-refresh"]
    outcome = _invoke(config, ["build", *_places(config, values, "aside"), *ONLY_MADE, *chosen], prefix=prefix)
    if outcome.exception:
        raise outcome.exception
    return [_node(result) for result in outcome.result.results]


def code_hash(config: Settings) -> str:
    """A hash of everything that facts and counts are made by: what other code made is never built upon."""
    files = sorted(path for path in (config.project / "dbt_project").rglob("*.sql") if "target" not in path.parts)
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:16]


def unread(manifest: "Manifest") -> list[str]:
    """Staging models that no model or test reads yet: a view a night that nobody looks at costs as much as one that is read."""
    read = {parent for node in manifest.nodes.values() for parent in node.depends_on_nodes}
    return sorted(node.name for key, node in manifest.nodes.items() if node.name.startswith("stg_") and key not in read) or ["nothing"]


def parse(config: Settings) -> "Manifest":
    """The project's manifest; models read tonight's values when they compile, so one parse serves all nights.

    Whether facts are built whole is the night's to say (--full-refresh), so the parse is given a cut to start from."""
    key = f"{urlsplit(role_url(TRANSFORMER, config)).path}/{schema_prefix(config)}"  # both are fixed when the project is parsed
    if key not in _parsed:
        values = {"province": config.province.name, "as_of": "2000-01-01T00:00:00+07:00", "cut_id": 0, "since_cut_id": 1}
        outcome = _invoke(config, ["parse", *_places(config, values)])
        if outcome.exception:
            raise outcome.exception
        _parsed[key] = outcome.result
        gc.freeze()  # what was parsed stays: no later collection needs to walk it
    return _as_parsed(_parsed[key])


def _invoke(config: Settings, words: list[str], manifest: "Manifest | None" = None, prefix: str = "") -> Any:
    """One call of dbt in this process; returns what dbt says of it."""
    with _environment(config, prefix), uncollected():
        from dbt.cli.main import dbtRunner

        return dbtRunner(manifest=manifest).invoke([*QUIETLY, *words])


def _as_parsed(manifest: "Manifest") -> "Manifest":
    """dbt remembers which models it wrote their ephemeral ones into, compiles them anew, and would not write them in again."""
    for node in manifest.nodes.values():
        if getattr(node, "extra_ctes_injected", False):
            node.extra_ctes_injected, node.extra_ctes = False, []
    return manifest


def _places(config: Settings, values: dict[str, Any], target: str = "target") -> list[str]:
    project = str(config.project / "dbt_project")
    return ["--project-dir", project, "--profiles-dir", project, "--target-path", str(config.home / "dbt" / target),
            "--log-path", str(config.home / "dbt/logs"), "--vars", json.dumps(values)]  # fmt: skip


def _node(result: Any) -> Node:
    rows = (result.adapter_response or {}).get("rows_affected")
    return Node(result.node.unique_id, str(result.status), result.execution_time, rows, without_values(result.message or ""))


@contextmanager
def _environment(config: Settings, prefix: str = "") -> Iterator[None]:
    """dbt's profile reads these; they are put back afterwards, so a secret outlives no build. Its talk goes to stderr."""
    parts = urlsplit(role_url(TRANSFORMER, config))
    wanted = {
        "CCHC_DBT_HOST": parts.hostname or "", "CCHC_DBT_PORT": str(parts.port or 5432), "CCHC_DBT_USER": parts.username or "",
        "CCHC_DBT_PASSWORD": unquote(parts.password or ""), "CCHC_DBT_DBNAME": parts.path.lstrip("/"),
        "CCHC_DBT_SCHEMA": prefix or schema_prefix(config), "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DBT_VERSION_CHECK": "false",
    }  # fmt: skip
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def schema_prefix(config: Settings) -> str:
    """The start of the province's schema names: `son_la`."""
    return config.province.name.replace("-", "_")

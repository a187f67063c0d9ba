"""The gate: a night passes only when everything that should have run did run, and nothing critical failed (decision 19)."""

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

from cchc.quality.marts import mart_suites
from cchc.quality.suites import Verdict, read_suite
from cchc.settings import Settings

FEWEST_TESTS = 10  # dbt data tests of a night; a project without its tests is no green project


@dataclass(frozen=True)
class Gate:
    """`reasons` against the release, empty when it may pass; `warnings` go into the report's data notes."""

    reasons: list[str]
    warnings: list[Verdict]


def judge(config: Settings, connection: psycopg.Connection, night_id: int, verdicts: Sequence[Verdict]) -> Gate:
    """Weigh the mart suites' verdicts and the night's dbt results."""
    reasons = _missing_expectations(config, verdicts) + _dbt_reasons(connection, night_id)
    reasons += [f"{v.suite}.{v.expectation}: {v.message_vi} ({', '.join(v.failing[:5]) or v.observed})"
                for v in verdicts if not v.success and v.severity == "critical"]  # fmt: skip
    return Gate(reasons, [v for v in verdicts if not v.success and v.severity == "warning"])


def _missing_expectations(config: Settings, verdicts: Sequence[Verdict]) -> list[str]:
    ran = {(v.suite, v.expectation) for v in verdicts}
    suites = mart_suites(config)
    wanted = {(s["name"], e["meta"]["id"]) for s in map(read_suite, suites) for e in s["expectations"]}
    reasons = [] if suites else ["there is no mart suite"]
    return reasons + [f"{suite}.{expectation} did not run" for suite, expectation in sorted(wanted - ran)]


def _dbt_reasons(connection: psycopg.Connection, night_id: int) -> list[str]:
    rows = connection.execute(
        "select node, status, coalesce(message, '') from ops.model_result where night_id = %s", (night_id,)
    ).fetchall()
    tests = [row for row in rows if row[0].startswith("test.")]
    reasons = [] if len(tests) >= FEWEST_TESTS else [f"only {len(tests)} dbt tests ran, {FEWEST_TESTS} are the least"]
    bad = [row for row in rows if row[1] not in ("success", "pass", "warn", "no-op")]
    return reasons + [f"{node}: {status} {message}".strip()[:300] for node, status, message in bad]

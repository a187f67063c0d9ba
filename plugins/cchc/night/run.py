"""A night's four steps, each able to be killed and run again: cut, build, gate, freeze (decisions 1, 10, 18, 19)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import psycopg

from cchc.clock import now
from cchc.errors import ConfigError, GateError, UnreachableError
from cchc.night.cut import take_cut, unfinished_ingests
from cchc.night.dbt import Node, build_marts, schema_prefix
from cchc.quality.gate import judge
from cchc.quality.marts import run_mart_suites
from cchc.quality.suites import Verdict
from cchc.release.freeze import Night, freeze_night
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.locks import night_lock
from cchc.warehouse.query import one
from cchc.warehouse.roles import TRANSFORMER

__all__ = ["NightResult", "build", "freeze", "gate", "run_night", "take_cut", "unfinished_ingests"]


WHOLE_FROM = Decimal("0.3")  # share of changed dossier rows from which facts are built whole: delete and insert cost three times a copy


@dataclass(frozen=True)
class NightResult:
    """What a night ended with."""

    night_id: int
    release_id: str


def run_night(config: Settings, as_of: datetime, full_refresh: bool = False, tell: Callable[[str], None] = lambda _: None) -> NightResult:
    """Cut, build, gate and freeze one night. Raises GateError when the night is red; the last release stands."""
    tell("cut")
    cut_id = take_cut(config, as_of)
    tell("build")
    night_id = build(config, cut_id, full_refresh)
    tell("gate")
    gate(config, night_id)
    tell("freeze")
    return NightResult(night_id, freeze(config, night_id))


def nights(province: str, last: int) -> list[tuple]:
    """Id, as-of, state, start, end and reason of the province's last nights, oldest first."""
    with connect(TRANSFORMER) as connection:
        rows = connection.execute(
            "select night_id, as_of, state, started_at, ended_at, reason from ops.night where province = %s order by 1 desc limit %s",
            (province, last),
        ).fetchall()
    return rows[::-1]


def build(config: Settings, cut_id: int, full_refresh: bool = False) -> int:
    """Build facts, measures and marts for a cut; returns the night's id. Raises GateError when a model or test fails,
    UnreachableError when the database goes away meanwhile (tried again, not red)."""
    province = config.province.name
    with night_lock(province):
        with connect(TRANSFORMER) as connection:
            night_id, as_of = _night_of(connection, cut_id)
            since = 0 if full_refresh else _built_before(connection, province, cut_id)
        nodes = build_marts(config, as_of, cut_id, since)
        with connect(TRANSFORMER) as connection:
            _record(connection, night_id, nodes)
            failed = [node for node in nodes if node.failed]
            if lost := next((node for node in nodes if node.lost), None):  # the night stays open for the next try
                raise UnreachableError(f"the warehouse went away during {lost.name}: the same cut can be built again")
            if not failed:
                _mark_built(connection, province, night_id, cut_id)
                return night_id
        causes = [node for node in failed if node.status != "skipped"] or failed  # what a cause skipped explains nothing
        _turn_red(night_id, [f"{node.name}: {node.status} {' '.join(node.message.split())[:400]}" for node in causes])
    raise AssertionError("unreachable: _turn_red raises")


def gate(config: Settings, night_id: int) -> None:
    """Run the marts' suites and weigh everything. Raises GateError with the reasons, which stand in ops.night too."""
    with connect(TRANSFORMER) as connection:
        night, state = _night(connection, night_id)
        if state == "running":
            raise ConfigError(f"night {night_id} is not built yet: build comes before the gate")
        verdicts = run_mart_suites(connection, config, schema_prefix(config), night.cut_id)
        _record_verdicts(connection, night_id, verdicts)
        outcome = judge(config, connection, night_id, verdicts)
    if outcome.reasons:
        _turn_red(night_id, outcome.reasons)


def freeze(config: Settings, night_id: int) -> str:
    """Freeze a night whose gate is passed; returns the release id. Raises GateError when a critical verdict stands."""
    with night_lock(config.province.name):
        with connect(TRANSFORMER) as connection:
            night, state = _night(connection, night_id)
            rows = connection.execute(
                "select suite, message_vi, severity, success from ops.suite_result where night_id = %s order by 1, expectation, subject",
                (night_id,),
            ).fetchall()
        mart_verdicts = [row for row in rows if row[0].startswith("mart_")]
        if state == "red" or not mart_verdicts or any(row[2] == "critical" and not row[3] for row in mart_verdicts):
            raise GateError(f"night {night_id} has not passed the gate: run `cchc run nightly` again after mending the reason")
        warnings = list(dict.fromkeys((row[0], row[1]) for row in rows if not row[3]))
        release_id = freeze_night(config, night, schema_prefix(config), [{"suite": s, "message_vi": m} for s, m in warnings])
        with connect(TRANSFORMER) as connection:
            connection.execute("update ops.night set state = 'released', ended_at = %s where night_id = %s", (now(), night_id))
    return release_id


def _built_before(connection: psycopg.Connection, province: str, cut_id: int) -> int:
    """The cut that the facts were last built from; 0 when building them whole is cheaper than following the change."""
    row = connection.execute("select cut_id from ops.built_cut where province = %s", (province,)).fetchone()
    if row is None:
        return 0
    changed, whole = one(
        connection.execute(
            """with now as (select delivery_id from ops.cut_delivery where cut_id = %(now)s and in_force),
                    before as (select delivery_id from ops.cut_delivery where cut_id = %(before)s and in_force),
                    rows as (select delivery_id, rows_accepted from ops.delivery where feed = 'dossier_log')
               select (select coalesce(sum(rows_accepted), 0) from rows
                       where delivery_id in (table now) and delivery_id not in (table before)
                          or delivery_id in (table before) and delivery_id not in (table now)),
                      (select coalesce(sum(rows_accepted), 0) from rows where delivery_id in (table now))""",
            {"now": cut_id, "before": row[0]},
        )
    )
    return 0 if changed > whole * WHOLE_FROM else row[0]


def _night_of(connection: psycopg.Connection, cut_id: int) -> tuple[int, datetime]:
    query = "select night_id, as_of from ops.night where cut_id = %s order by night_id desc limit 1"
    row = connection.execute(query, (cut_id,)).fetchone()
    if row is None:
        raise ConfigError(f"no night has cut {cut_id}: take a cut first")
    return row


def _night(connection: psycopg.Connection, night_id: int) -> tuple[Night, str]:
    row = connection.execute("select night_id, cut_id, province, as_of, state from ops.night where night_id = %s", (night_id,)).fetchone()
    if row is None:
        raise ConfigError(f"there is no night {night_id}")
    return Night(*row[:4]), row[4]


def _record(connection: psycopg.Connection, night_id: int, nodes: list[Node]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            """insert into ops.model_result values (%s, %s, %s, %s, %s, %s) on conflict (night_id, node) do update
               set status = excluded.status, seconds = excluded.seconds, rows_affected = excluded.rows_affected,
                 message = excluded.message""",
            [(night_id, n.name, n.status, n.seconds, n.rows, n.message[:1000]) for n in nodes],
        )


def _record_verdicts(connection: psycopg.Connection, night_id: int, verdicts: list[Verdict]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            """insert into ops.suite_result values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict (night_id, suite, expectation, subject)
               do update set success = excluded.success, observed = excluded.observed, severity = excluded.severity""",
            [(night_id, v.suite, v.expectation, ", ".join(v.failing[:5]), v.severity, v.success, v.observed[:500], v.message_vi)
             for v in verdicts],
        )  # fmt: skip


def _mark_built(connection: psycopg.Connection, province: str, night_id: int, cut_id: int) -> None:
    connection.execute("update ops.night set state = 'built' where night_id = %s", (night_id,))
    connection.execute(
        "insert into ops.built_cut values (%s, %s) on conflict (province) do update set cut_id = excluded.cut_id", (province, cut_id)
    )


def _turn_red(night_id: int, reasons: list[str]) -> None:
    """Write the reason in the one place and refuse."""
    text = "\n".join(reasons)
    with connect(TRANSFORMER) as connection:
        connection.execute("update ops.night set state = 'red', reason = %s, ended_at = %s where night_id = %s", (text, now(), night_id))
    raise GateError(f"night {night_id} is red, the last release stands:\n{text}")

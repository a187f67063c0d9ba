"""Judges new deliveries by their feed's suite; one that fails a critical rule is held, and the one before stands."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pandas as pd
import psycopg
from psycopg.rows import dict_row

from cchc.clock import now
from cchc.contracts import ADVISORY, BLOCKING, Contract, contract
from cchc.contracts.suites import suite_path
from cchc.quality.suites import Verdict, read_suite, run_suite
from cchc.settings import Settings
from cchc.warehouse.quarantine import settle_delivery

STATISTICS = r"""
with counted as (
  select d.delivery_id, d.source_id, d.feed, d.contract_version, d.arrived_at, d.judged, d.reason_rule, d.reason,
         d.rows_read, d.rows_quarantined,
         d.rows_accepted + d.rows_unchanged as usable,
         (select count(*) from ops.delivery_unit u where u.delivery_id = d.delivery_id) as units
  from ops.delivery d where d.province = %s and d.status = 'accepted' and d.arrived_at <= %s),
compared as (
  select *, lag(usable) over earlier as usable_before, lag(units) over earlier as units_before, lag(delivery_id) over earlier as before_id
  from counted window earlier as (partition by source_id order by arrived_at, delivery_id))
select delivery_id, feed, contract_version, reason_rule, reason, usable as rows_accepted_or_unchanged,
       (rows_quarantined / nullif(rows_read, 0)::numeric)::float8 as quarantined_share,
       (usable / nullif(usable_before, 0)::numeric)::float8 as rows_ratio_to_previous,
       (units / nullif(units_before, 0)::numeric)::float8 as units_ratio_to_previous,
       (select jsonb_object_agg(statistic, value)::text from (
          select statistic, value from ops.delivery_statistic s where s.delivery_id = c.delivery_id
          union all  -- drift: against the delivery of the source before
          select regexp_replace(s.statistic, '^([a-z_]+)[.]', '\1_change.'), s.value - b.value
          from ops.delivery_statistic s join ops.delivery_statistic b using (statistic)
          where s.delivery_id = c.delivery_id and b.delivery_id = c.before_id and strpos(s.statistic, '.') > 0) told) as others
from compared c where not judged order by delivery_id"""


def judge_deliveries(connection: psycopg.Connection, config: Settings, night_id: int, as_of: datetime) -> list[int]:
    """Run the feeds' suites over the deliveries that came since the last night; returns those now held."""

    held, verdicts, judged = judge(connection, config, as_of, lambda delivery, verdict: _hold(connection, delivery, verdict))
    _settle(connection, night_id, verdicts, judged)
    return held


def judge(
    connection: psycopg.Connection, config: Settings, as_of: datetime, hold: Callable[[int, Verdict], None]
) -> tuple[list[int], list[Verdict], list[int]]:
    """Judge the unjudged deliveries that had arrived at `as_of`; returns the held ones, the last verdicts, the deliveries left.

    A held delivery leaves the row of its source, so what came after it is compared with the last good one: the
    judging is repeated until nothing more is held. A night keeps what `hold` writes, a check before sending does not.
    """
    held: list[int] = []
    while True:
        fresh = _statistics(connection, config.province.name, as_of)
        verdicts = _verdicts(config, fresh)
        bad = {int(d): v for v in verdicts if v.severity == "critical" for d in v.failing}
        for delivery, verdict in bad.items():
            hold(delivery, verdict)
        held += bad
        if not bad:
            return sorted(held), verdicts, [row["delivery_id"] for row in fresh]


def _statistics(connection: psycopg.Connection, province: str, as_of: datetime) -> list[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(STATISTICS, (province, as_of)).fetchall()


def _verdicts(config: Settings, fresh: list[dict[str, Any]]) -> list[Verdict]:
    by_contract: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in fresh:
        by_contract.setdefault((row["feed"], row["contract_version"]), []).append(row | json.loads(row["others"] or "{}"))
    verdicts: list[Verdict] = []
    for (feed, version), rows in by_contract.items():
        suite = read_suite(suite_path(config.project / "expectations/feeds", feed, version))
        verdicts += run_suite(suite, frame_of(contract(feed, version), rows), "delivery_id")
    return verdicts + [_drift(row) for row in fresh if row["reason_rule"] in (ADVISORY, BLOCKING)]


def _drift(row: dict[str, Any]) -> Verdict:
    """What the intake found other in the file's form, weighed by its contract's `drift:`; the words are of this one delivery."""
    severity = "critical" if row["reason_rule"] == BLOCKING else "warning"
    suite = f"{row['feed']}@{row['contract_version']}"
    return Verdict(suite, row["reason_rule"], severity, False, "", row["reason"], (str(row["delivery_id"]),))


def frame_of(agreed: Contract, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The frame that the suite of `agreed` reads: one row per delivery, one column per statistic that it names."""
    named = ["delivery_id", *dict.fromkeys(rule.statistic for rule in agreed.delivery)]
    frame = pd.DataFrame([{name: row.get(name) for name in named} for row in rows])
    return frame.astype(dict.fromkeys(named[1:], float))


def _hold(connection: psycopg.Connection, delivery: int, verdict: Verdict) -> None:
    connection.execute(
        "update ops.delivery set status = 'held', judged = true, reason_rule = %s, reason = %s where delivery_id = %s",
        (verdict.expectation, verdict.message_vi, delivery),
    )
    settle_delivery(connection, delivery, now())
    connection.execute(
        "insert into audit.event (at, who, what, subject, reason) values (%s, 'cchc', 'delivery held', %s, %s)",
        (now(), f"delivery {delivery}", verdict.message_vi),
    )


def _settle(connection: psycopg.Connection, night_id: int, verdicts: list[Verdict], judged: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            """insert into ops.suite_result values (%s, %s, %s, %s, %s, %s, %s, %s)
               on conflict (night_id, suite, expectation, subject) do nothing""",
            [(night_id, v.suite, v.expectation, s, v.severity, v.success, v.observed[:500], v.message_vi)
             for v in verdicts for s in (v.failing or ("",))],
        )  # fmt: skip
    connection.execute("update ops.delivery set judged = true where delivery_id = any(%s)", (judged,))

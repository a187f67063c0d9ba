"""The books of a delivery: what taking it in came to, written within its transaction."""

import json
from dataclasses import dataclass
from typing import Any

import psycopg

from cchc.contracts import Contract, Mode
from cchc.intake.doubles import keys_once
from cchc.intake.statistics import measure_rows
from cchc.intake.tally import QUARANTINE, Running
from cchc.warehouse.copy import copy_batches
from cchc.warehouse.query import one


@dataclass(frozen=True)
class Outcome:
    """What taking a delivery in came to: `counts` as in ops.delivery, `entries` one per refused row and broken rule."""

    status: str  # accepted, or refused: not one row was good
    counts: dict[str, int | bool]
    entries: list[dict[str, Any]]
    reason_rule: str | None = None  # of an accepted one: its form differs (intake/drift.py)
    reason: str | None = None
    assumed: tuple[str, ...] = ()  # what the file could have meant otherwise, for who checks it


ROW_IN = """create temporary table row_in (delivery_id bigint, line bigint, rule text, column_name text, message_vi text, cells text,
  row_key text, version timestamptz) on commit drop"""


def keep_refused(connection: psycopg.Connection, running: Running) -> None:
    """Put the refused rows into quarantine."""
    if not running.quarantine:
        return
    connection.execute(ROW_IN)
    copy_batches(connection, ("row_in",), QUARANTINE, running.quarantine_table().to_batches())
    connection.execute(
        "insert into quarantine.row (delivery_id, line, rule, column_name, message_vi, cells, row_key, version) "
        "select delivery_id, line, rule, column_name, message_vi, cells::jsonb, row_key::jsonb, version from row_in "
        "on conflict do nothing"
    )


def unchanged(connection: psycopg.Connection, source_id: str, delivery_id: int, contract: Contract) -> int:
    """Rows that are the same as in the source's delivery before this one."""
    on = " and ".join(f"a.{k} = b.{k}" for k in contract.key)
    left, right = (", ".join(f"{side}.{name}" for name in contract.stored) for side in "ab")
    query = f"""
        with previous as (select delivery_id from ops.delivery where source_id = %(source)s and status = 'accepted'
                            and (arrived_at, delivery_id) < (select arrived_at, delivery_id from ops.delivery where delivery_id = %(here)s)
                          order by arrived_at desc, delivery_id desc limit 1)
        select count(*) from accepted.{contract.feed} a join accepted.{contract.feed} b on {on}
        where a._delivery = %(here)s and b._delivery = (select delivery_id from previous)
          and row({left}) is not distinct from row({right})"""
    return one(connection.execute(query, {"source": source_id, "here": delivery_id}))[0]


def record(connection: psycopg.Connection, outcome: Outcome, running: Running, headers: dict[str, Any]) -> None:
    """Write what taking in came to: status, counts, shares of the units, completeness of the columns."""
    changes = ", ".join(f"{name} = {value}" for name, value in outcome.counts.items())
    connection.execute(
        f"update ops.delivery set status = %s, reason_rule = %s, reason = %s, headers = %s::jsonb, {changes} where delivery_id = %s",
        (outcome.status, outcome.reason_rule, outcome.reason, json.dumps(headers, ensure_ascii=False), running.delivery_id),
    )
    stored = running.accepted
    shares = ", ".join(f"(%s, {running.delivery_id}, {rows})" for rows in running.units.values())
    if shares:
        connection.execute(f"insert into ops.delivery_unit values {shares} on conflict do nothing", tuple(running.units))
    told = {f"completeness.{name}": f"{1 - nulls / stored:.6f}" for name, nulls in running.nulls.items() if stored}
    if running.newest:
        told["newest_version"] = f"{running.newest // 10**6}.{running.newest % 10**6:06d}"  # seconds since 1970
    values = ", ".join(f"({running.delivery_id}, '{name}', {value})" for name, value in told.items())
    if values:
        connection.execute(f"insert into ops.delivery_statistic values {values} on conflict do nothing")


def name_periods(connection: psycopg.Connection, delivery_id: int, contract: Contract) -> None:
    """Which periods a delivery of a `window` feed speaks of: by its accepted rows, so one of bad rows alone replaces nothing."""
    if contract.period_column:
        connection.execute(
            f"""insert into ops.delivery_period select _delivery, {contract.period_column}, count(*)
                from accepted.{contract.feed} where _delivery = %s group by 1, 2
                on conflict (delivery_id, period) do update set rows = excluded.rows""",
            (delivery_id,),
        )


RECOUNT = """
with stored as (select count(*) as rows from accepted.{feed} where _delivery = %(here)s),
refused as (select count(distinct line) as rows from quarantine.row where delivery_id = %(here)s and why is distinct from 'replayed')
update ops.delivery set rows_accepted = stored.rows - {same}, rows_unchanged = {same}, rows_quarantined = refused.rows,
  rows_skipped = rows_skipped + {dropped}, keys_once = {once}
from stored, refused where delivery_id = %(here)s"""


def recount(connection: psycopg.Connection, source_id: str, delivery_id: int, contract: Contract, dropped: int) -> None:
    """Count a delivery anew from what the warehouse holds of it, after rows of it were read again; `dropped` doubles are skipped."""
    same = unchanged(connection, source_id, delivery_id, contract) if contract.mode is Mode.SNAPSHOT else 0
    once = keys_once(connection, contract, delivery_id)
    connection.execute(RECOUNT.format(feed=contract.feed, same=same, dropped=dropped, once=once), {"here": delivery_id})
    connection.execute("delete from ops.delivery_unit where delivery_id = %s", (delivery_id,))
    share = "insert into ops.delivery_unit select agency_code, _delivery, count(*) from {} where _delivery = %s group by 1, 2"
    connection.execute(share.format(f"accepted.{contract.feed}"), (delivery_id,))
    _recount_filled(connection, delivery_id, contract)
    measure_rows(connection, delivery_id, contract)
    name_periods(connection, delivery_id, contract)


def _recount_filled(connection: psycopg.Connection, delivery_id: int, contract: Contract) -> None:
    filled = ", ".join(f"count({name})" for name in contract.stored)
    newest = "extract(epoch from max(_version))"
    query = f"select count(*), {newest}, {filled} from accepted.{contract.feed} where _delivery = %s"
    stored, version, *counts = one(connection.execute(query, (delivery_id,)))
    told = {f"completeness.{n}": f"{k / stored:.6f}" for n, k in zip(contract.stored, counts, strict=True) if stored}
    values = ", ".join(f"({delivery_id}, '{n}', {value})" for n, value in (told | {"newest_version": version}).items())
    if told:
        connection.execute(
            f"insert into ops.delivery_statistic values {values} on conflict (delivery_id, statistic) do update set value = excluded.value"
        )

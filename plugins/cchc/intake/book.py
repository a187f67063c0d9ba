"""The books of a delivery: what taking it in came to, written within its transaction."""

import json
from dataclasses import dataclass
from typing import Any

from adbc_driver_postgresql.dbapi import Cursor

from cchc.contracts import Contract, Mode
from cchc.intake.doubles import keys_once
from cchc.intake.statistics import measure_rows
from cchc.intake.tally import Running


@dataclass(frozen=True)
class Outcome:
    """What taking a delivery in came to: `counts` as in ops.delivery, `entries` one per refused row and broken rule."""

    status: str  # accepted, or refused: not one row was good
    counts: dict[str, int | bool]
    entries: list[dict[str, Any]]
    reason_rule: str | None = None  # of an accepted one: its form differs (intake/drift.py)
    reason: str | None = None
    assumed: tuple[str, ...] = ()  # what the file could have meant otherwise, for who checks it


def keep_refused(cursor: Cursor, running: Running) -> None:
    """Put the refused rows into quarantine."""
    if not running.quarantine:
        return
    cursor.adbc_ingest("row_in", running.quarantine_table(), mode="create", temporary=True)
    cursor.execute(
        "insert into quarantine.row (delivery_id, line, rule, column_name, message_vi, cells, row_key, version) "
        "select delivery_id, line, rule, column_name, message_vi, cells::jsonb, row_key::jsonb, version from row_in "
        "on conflict do nothing"
    )
    cursor.execute("drop table row_in")  # the connection goes on to the next delivery


def unchanged(cursor: Cursor, source_id: str, delivery_id: int, contract: Contract) -> int:
    """Rows that are the same as in the source's delivery before this one."""
    on = " and ".join(f"a.{k} = b.{k}" for k in contract.key)
    left, right = (", ".join(f"{side}.{name}" for name in contract.stored) for side in "ab")
    cursor.execute(
        f"""with previous as (select delivery_id from ops.delivery where source_id = $1 and status = 'accepted'
                                and (arrived_at, delivery_id) < (select arrived_at, delivery_id from ops.delivery where delivery_id = $2)
                              order by arrived_at desc, delivery_id desc limit 1)
            select count(*) from accepted.{contract.feed} a join accepted.{contract.feed} b on {on}
            where a._delivery = $2 and b._delivery = (select delivery_id from previous)
              and row({left}) is not distinct from row({right})""",
        (source_id, delivery_id),
    )
    return cursor.fetchone()[0]


def record(cursor: Cursor, outcome: Outcome, running: Running, headers: dict[str, Any]) -> None:
    """Write what taking in came to: status, counts, shares of the units, completeness of the columns."""
    changes = ", ".join(f"{name} = {value}" for name, value in outcome.counts.items())
    cursor.execute(
        f"update ops.delivery set status = $2, reason_rule = $3, reason = $4, headers = $5::text::jsonb, {changes} where delivery_id = $1",
        (running.delivery_id, outcome.status, outcome.reason_rule, outcome.reason, json.dumps(headers, ensure_ascii=False)),
    )
    stored = running.accepted
    shares = ", ".join(f"(${place}, {running.delivery_id}, {rows})" for place, rows in enumerate(running.units.values(), 1))
    if shares:
        cursor.execute(f"insert into ops.delivery_unit values {shares} on conflict do nothing", tuple(running.units))
    told = {f"completeness.{name}": f"{1 - nulls / stored:.6f}" for name, nulls in running.nulls.items() if stored}
    if running.newest:
        told["newest_version"] = f"{running.newest // 10**6}.{running.newest % 10**6:06d}"  # seconds since 1970
    values = ", ".join(f"({running.delivery_id}, '{name}', {value})" for name, value in told.items())
    if values:
        cursor.execute(f"insert into ops.delivery_statistic values {values} on conflict do nothing")


def name_periods(cursor: Cursor, delivery_id: int, contract: Contract) -> None:
    """Which periods a delivery of a `window` feed speaks of: by its accepted rows, so one of bad rows alone replaces nothing."""
    if contract.period_column:
        cursor.execute(
            f"""insert into ops.delivery_period select _delivery, {contract.period_column}, count(*)
                from accepted.{contract.feed} where _delivery = $1 group by 1, 2
                on conflict (delivery_id, period) do update set rows = excluded.rows""",
            (delivery_id,),
        )


RECOUNT = """
with stored as (select count(*) as rows from accepted.{feed} where _delivery = $1),
refused as (select count(distinct line) as rows from quarantine.row where delivery_id = $1 and why is distinct from 'replayed')
update ops.delivery set rows_accepted = stored.rows - {same}, rows_unchanged = {same}, rows_quarantined = refused.rows,
  rows_skipped = rows_skipped + {dropped}, keys_once = {once}
from stored, refused where delivery_id = $1"""


def recount(cursor: Cursor, source_id: str, delivery_id: int, contract: Contract, dropped: int) -> None:
    """Count a delivery anew from what the warehouse holds of it, after rows of it were read again; `dropped` doubles are skipped."""
    same = unchanged(cursor, source_id, delivery_id, contract) if contract.mode is Mode.SNAPSHOT else 0
    once = keys_once(cursor, contract, delivery_id)
    cursor.execute(RECOUNT.format(feed=contract.feed, same=same, dropped=dropped, once=once), (delivery_id,))
    cursor.execute("delete from ops.delivery_unit where delivery_id = $1", (delivery_id,))
    share = "insert into ops.delivery_unit select agency_code, _delivery, count(*) from {} where _delivery = $1 group by 1, 2"
    cursor.execute(share.format(f"accepted.{contract.feed}"), (delivery_id,))
    _recount_filled(cursor, delivery_id, contract)
    measure_rows(cursor, delivery_id, contract)
    name_periods(cursor, delivery_id, contract)


def _recount_filled(cursor: Cursor, delivery_id: int, contract: Contract) -> None:
    filled = ", ".join(f"count({name})" for name in contract.stored)
    newest = "extract(epoch from max(_version))"
    cursor.execute(f"select count(*), {newest}, {filled} from accepted.{contract.feed} where _delivery = $1", (delivery_id,))
    stored, version, *counts = cursor.fetchone()
    told = {f"completeness.{n}": f"{k / stored:.6f}" for n, k in zip(contract.stored, counts, strict=True) if stored}
    values = ", ".join(f"({delivery_id}, '{n}', {value})" for n, value in (told | {"newest_version": version}).items())
    if told:
        cursor.execute(
            f"insert into ops.delivery_statistic values {values} on conflict (delivery_id, statistic) do update set value = excluded.value"
        )

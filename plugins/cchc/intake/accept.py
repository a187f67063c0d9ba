"""One delivery from kept bytes to accepted rows and quarantine, in one transaction (decisions 3, 5, 18)."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
from adbc_driver_postgresql.dbapi import Cursor

from cchc.clock import now
from cchc.connectors.sources import Source
from cchc.contracts import Contract, Mode
from cchc.errors import UnreachableError
from cchc.intake.check import Context, check, empty_columns
from cchc.intake.doubles import CONFLICT_VI, keys_once, settle_doubles, units_of
from cchc.intake.store import ByteStore
from cchc.intake.tally import Known, Running
from cchc.intake.words import NO_GOOD_ROW, sample
from cchc.readers import Refusal, Request, Tally, read_rows
from cchc.warehouse.connect import connect_bulk
from cchc.warehouse.quarantine import Run, settle_source
from cchc.warehouse.roles import LOADER

ERROR_VI = "Dòng có ô báo lỗi (#REF!, #DIV/0!, ...) hoặc công thức chưa được tính. Đề nghị mở tệp, tính lại, lưu và gửi lại."
RAGGED_VI = "Dòng không tách được đúng số cột. Đề nghị kiểm tra dấu phân cách và dấu ngoặc kép."


@dataclass(frozen=True)
class Delivery:
    """One delivery to be taken in; `attempt` fences a worker that lost its claim on the source."""

    delivery_id: int
    source_id: str
    sha256: str
    arrived_at: datetime
    attempt: int


@dataclass(frozen=True)
class Outcome:
    """What taking a delivery in came to: `counts` as in ops.delivery, `entries` one per refused row and broken rule."""

    status: str  # accepted, or refused: not one row was good
    counts: dict[str, int | bool]
    entries: list[dict[str, Any]]
    reason_rule: str | None = None
    reason: str | None = None


def accept(delivery: Delivery, context: Context, store: ByteStore) -> Outcome:
    """Read, check and load one delivery; data and bookkeeping are committed together or not at all.

    Raises Refusal when it can't be read as a whole (nothing is loaded then) and UnreachableError when a newer attempt has
    taken the source over.
    """
    with connect_bulk(LOADER) as connection, connection.cursor() as cursor:
        outcome = take_in(cursor, delivery, context, store.read(delivery.sha256))
        _hold_claim(cursor, delivery)
        settle_source(runner(cursor), delivery.source_id, context.contract, now())
        connection.commit()
    return outcome


def take_in(cursor: Cursor, delivery: Delivery, context: Context, blocks: Iterable[bytes]) -> Outcome:
    """Everything that happens to a delivery's bytes, within the caller's transaction: a night commits it, a check before
    sending rolls it back. Raises Refusal when the bytes can't be read as a whole."""
    running, tally = Running(context.contract, delivery.delivery_id, context.arrived_at), Tally()
    request = request_for(context.source, context.contract)
    load(cursor, (running.take(check(batch, context), schema_of(context.contract)) for batch in read_rows(blocks, request, tally)),
         context.contract)  # fmt: skip
    running.refuse_lines(dict.fromkeys(tally.ragged, Known()), "ragged_row", RAGGED_VI)
    running.refuse_lines(dict.fromkeys(tally.errors, Known()), "error_cell", ERROR_VI)
    counts = _settle(cursor, delivery, context.contract, running, tally)
    keep_refused(cursor, running)
    outcome = _judged(counts, running)
    _record(cursor, delivery, outcome, running, request.headers)
    _name_periods(cursor, delivery, context.contract)
    return outcome


def _judged(counts: dict[str, int | bool], running: Running) -> Outcome:
    """A delivery of nothing but bad rows is refused as a whole; its rows stay in quarantine for the slip."""
    if running.accepted or not running.quarantined:
        return Outcome("accepted", counts, running.quarantine)
    return Outcome("refused", counts, running.quarantine, NO_GOOD_ROW, f"Không có dòng nào đạt. {sample(running.quarantine)}")


def request_for(source: Source, contract: Contract) -> Request:
    """How the reader is asked for this source's columns; dropped personal columns are never asked for."""
    wanted = {n: source.columns.get(n, c.vi) for n, c in contract.stored.items() if not c.derived and n not in source.constants}
    needed = tuple(n for n in wanted if contract.columns[n].required or n in contract.key)
    options = source.read.model_dump(exclude={"kind"})
    fold_by = source.fold.by if source.fold else None
    return Request(source.read.kind, options, wanted, needed, source.skip_rows, fold_by, source.decimal)


def schema_of(contract: Contract) -> pa.Schema:
    """The Arrow schema of a feed's accepted rows."""
    return pa.schema(list(empty_columns(contract).items()))


def load(cursor: Cursor, batches: Iterator[pa.RecordBatch], contract: Contract) -> None:
    """Stream the batches into the accepted table by binary COPY; an error of ours keeps its own type."""
    failures: list[BaseException] = []

    def guarded() -> Iterator[pa.RecordBatch]:
        try:
            yield from batches
        except BaseException as error:
            failures.append(error)
            raise

    reader = pa.RecordBatchReader.from_batches(schema_of(contract), guarded())
    try:
        cursor.adbc_ingest(contract.feed, reader, mode="append", db_schema_name="accepted")
    except Exception:
        if failures:
            raise failures[0] from None
        raise


def _settle(cursor: Cursor, delivery: Delivery, contract: Contract, running: Running, tally: Tally) -> dict[str, int | bool]:
    skipped = tally.skipped
    once = not running.may_hold_doubles()
    if not once:
        dropped, conflicts = settle_doubles(cursor, contract, delivery.delivery_id)
        running.accepted -= dropped + len(conflicts)
        running.refuse_lines(conflicts, "conflicting_duplicate", CONFLICT_VI)
        skipped += dropped
        once = keys_once(cursor, contract, delivery.delivery_id)
        running.units = units_of(cursor, contract, delivery.delivery_id)
    unchanged = _unchanged(cursor, delivery, contract) if contract.mode is Mode.SNAPSHOT else 0
    if tally.rows == skipped:
        raise Refusal("no_rows", "Tệp không có dòng dữ liệu nào. Đề nghị gửi lại tệp có số liệu.")
    return {
        "rows_read": tally.rows, "rows_counted": tally.counted, "rows_accepted": running.accepted - unchanged,
        "rows_unchanged": unchanged, "rows_quarantined": running.quarantined, "rows_skipped": skipped, "keys_once": once,
    }  # fmt: skip


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


def _unchanged(cursor: Cursor, delivery: Delivery, contract: Contract) -> int:
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
        (delivery.source_id, delivery.delivery_id),
    )
    return cursor.fetchone()[0]


def _record(cursor: Cursor, delivery: Delivery, outcome: Outcome, running: Running, headers: dict[str, str]) -> None:
    changes = ", ".join(f"{name} = {value}" for name, value in outcome.counts.items())
    cursor.execute(
        f"update ops.delivery set status = $2, reason_rule = $3, reason = $4, headers = $5::text::jsonb, {changes} where delivery_id = $1",
        (delivery.delivery_id, outcome.status, outcome.reason_rule, outcome.reason, json.dumps(headers, ensure_ascii=False)),
    )
    stored = running.accepted
    shares = ", ".join(f"(${place}, {delivery.delivery_id}, {rows})" for place, rows in enumerate(running.units.values(), 1))
    if shares:
        cursor.execute(f"insert into ops.delivery_unit values {shares} on conflict do nothing", tuple(running.units))
    values = ", ".join(f"({delivery.delivery_id}, 'completeness.{n}', {1 - k / stored:.6f})" for n, k in running.nulls.items() if stored)
    if values:
        cursor.execute(f"insert into ops.delivery_statistic values {values} on conflict do nothing")


def _name_periods(cursor: Cursor, delivery: Delivery, contract: Contract) -> None:
    """Which periods a delivery of a `window` feed speaks of: by its accepted rows, so one of bad rows alone replaces nothing."""
    if contract.period_column:
        cursor.execute(
            f"""insert into ops.delivery_period select _delivery, {contract.period_column}, count(*)
                from accepted.{contract.feed} where _delivery = $1 group by 1, 2
                on conflict (delivery_id, period) do update set rows = excluded.rows""",
            (delivery.delivery_id,),
        )


def _hold_claim(cursor: Cursor, delivery: Delivery) -> None:
    cursor.execute("select attempt from ops.source where source_id = $1 for update", (delivery.source_id,))
    if cursor.fetchone()[0] != delivery.attempt:
        raise UnreachableError(f"{delivery.source_id}: a newer attempt has taken this source over; this one stops")


def runner(cursor: Cursor) -> Run:
    """The cursor as a function that runs SQL and gives the cursor back."""

    def run(query: str, values: tuple) -> Cursor:
        cursor.execute(query, values)
        return cursor

    return run

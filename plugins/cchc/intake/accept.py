"""One delivery from kept bytes to accepted rows and quarantine, in one transaction (decisions 3, 5, 18)."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice

import psycopg
import pyarrow as pa

from cchc.clock import now
from cchc.connectors.sources import Source
from cchc.contracts import Contract, Mode
from cchc.errors import UnreachableError
from cchc.intake.assumed import assumed
from cchc.intake.book import Outcome, keep_refused, name_periods, record, unchanged
from cchc.intake.check import Context, check, empty_columns
from cchc.intake.delivery import Delivery
from cchc.intake.doubles import CONFLICT_VI, keys_once, settle_doubles, units_of
from cchc.intake.drift import SHAPE, changes_of, previous_shape, remembered, weighed
from cchc.intake.shape import shape_of
from cchc.intake.statistics import measure_rows
from cchc.intake.store import ByteStore
from cchc.intake.tally import Known, Running
from cchc.intake.words import NO_GOOD_ROW, sample
from cchc.readers import ABSENT, Refusal, Request, Tally, read_rows
from cchc.warehouse.connect import connect
from cchc.warehouse.copy import copy_batches
from cchc.warehouse.quarantine import settle_source
from cchc.warehouse.query import one
from cchc.warehouse.roles import LOADER

pa.set_memory_pool(pa.system_memory_pool())  # Arrow's own keeps what a large file took; this one gives it back

ERROR_VI = "Dòng có ô báo lỗi (#REF!, #DIV/0!, ...) hoặc công thức chưa được tính. Đề nghị mở tệp, tính lại, lưu và gửi lại."
RAGGED_VI = "Dòng không tách được đúng số cột. Đề nghị kiểm tra dấu phân cách và dấu ngoặc kép."


def accept(delivery: Delivery, context: Context, store: ByteStore) -> Outcome:
    """Read, check and load one delivery; data and bookkeeping are committed together or not at all.

    Raises Refusal when it can't be read as a whole (nothing is loaded then) and UnreachableError when a newer attempt has
    taken the source over.
    """
    with connect(LOADER) as connection:
        outcome = take_in(connection, delivery, context, store.read(delivery.sha256))
        _hold_claim(connection, delivery)
        settle_source(connection, delivery.source_id, context.contract, now(), delivery.delivery_id)
    pa.default_memory_pool().release_unused()
    return outcome


def take_in(connection: psycopg.Connection, delivery: Delivery, context: Context, blocks: Iterable[bytes]) -> Outcome:
    """Everything that happens to a delivery's bytes, within the caller's transaction: a night commits it, a check before
    sending rolls it back. Raises Refusal when the bytes can't be read as a whole."""
    running, tally = Running(context.contract, delivery.delivery_id, context.arrived_at), Tally()
    request = request_for(context.source, context.contract)
    read = read_rows(blocks, request, tally)
    first = list(islice(read, 1))
    passing = (running.take(check(batch, context), schema_of(context.contract)) for batch in chain(first, read))
    load(connection, passing, context.contract, _absent(first))
    running.refuse_lines(dict.fromkeys(tally.ragged, Known()), "ragged_row", RAGGED_VI)
    running.refuse_lines(dict.fromkeys(tally.errors, Known()), "error_cell", ERROR_VI)
    counts = _settle(connection, delivery, context.contract, running, tally)
    keep_refused(connection, running)
    before, here = previous_shape(connection, delivery.source_id, delivery.delivery_id), shape_of(first, tally, request, context)
    outcome = _judged(counts, running, weighed(changes_of(before, here, context), context))
    outcome = replace(outcome, assumed=tuple(assumed(first, tally, context)))
    record(connection, outcome, running, request.headers | {SHAPE: remembered(before, here).kept()})
    name_periods(connection, delivery.delivery_id, context.contract)
    measure_rows(connection, delivery.delivery_id, context.contract)
    return outcome


def _judged(counts: dict[str, int | bool], running: Running, drifted: tuple[str | None, str | None]) -> Outcome:
    """A delivery of nothing but bad rows is refused as a whole; its rows stay in quarantine for the slip. What is other in
    the form of an accepted one is its reason, for the night to weigh."""
    if running.accepted or not running.quarantined:
        return Outcome("accepted", counts, running.quarantine, *drifted)
    more = f" {drifted[1]}." if drifted[1] else ""
    return Outcome("refused", counts, running.quarantine, NO_GOOD_ROW, f"Không có dòng nào đạt. {sample(running.quarantine)}{more}")


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


def _absent(first: list[pa.RecordBatch]) -> set[str]:
    """The columns that the delivery does not have, as its reader told with the first batch."""
    told = (batch.schema.metadata or {} for batch in first)
    return {name for words in told for name in words.get(ABSENT.encode(), b"").decode().split()}


def load(connection: psycopg.Connection, batches: Iterator[pa.RecordBatch], contract: Contract, absent: Collection[str] = ()) -> None:
    """Stream the batches into the accepted table.

    Columns that are empty throughout are left to the table's own NULL: encoding them costs as much as others.
    """
    schema = pa.schema([field for field in schema_of(contract) if field.name not in absent])
    copy_batches(connection, ("accepted", contract.feed), schema, (batch.select(schema.names) for batch in batches))


def _settle(
    connection: psycopg.Connection, delivery: Delivery, contract: Contract, running: Running, tally: Tally
) -> dict[str, int | bool]:
    skipped = tally.skipped
    once = not running.may_hold_doubles()
    if not once:
        dropped, conflicts = settle_doubles(connection, contract, delivery.delivery_id)
        running.accepted -= dropped + len(conflicts)
        running.refuse_lines(conflicts, "conflicting_duplicate", CONFLICT_VI)
        skipped += dropped
        once = keys_once(connection, contract, delivery.delivery_id)
        running.units = units_of(connection, contract, delivery.delivery_id)
    same = unchanged(connection, delivery.source_id, delivery.delivery_id, contract) if contract.mode is Mode.SNAPSHOT else 0
    if tally.rows == skipped:
        raise Refusal("no_rows", "Tệp không có dòng dữ liệu nào. Đề nghị gửi lại tệp có số liệu.")
    return {
        "rows_read": tally.rows, "rows_counted": tally.counted, "rows_accepted": running.accepted - same,
        "rows_unchanged": same, "rows_quarantined": running.quarantined, "rows_skipped": skipped, "keys_once": once,
    }  # fmt: skip


def _hold_claim(connection: psycopg.Connection, delivery: Delivery) -> None:
    query = "select attempt from ops.source where source_id = %s for update"
    if one(connection.execute(query, (delivery.source_id,)))[0] != delivery.attempt:
        raise UnreachableError(f"{delivery.source_id}: a newer attempt has taken this source over; this one stops")

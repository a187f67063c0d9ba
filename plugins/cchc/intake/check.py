"""A contract's row checks, vectorised over a batch: what passes, what goes to quarantine and why."""

import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from hashlib import sha256

import pyarrow as pa
import pyarrow.compute as pc

from cchc.connectors.sources import Source
from cchc.contracts import PERIOD, TEXT_TYPES, Column, Contract, Personal, RowRule
from cchc.intake.cast import ARROW_TYPES, BAD_RULES, INSTANT, Typed, cast_column
from cchc.intake.glance import may_hold_controls

CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"
COMPARE: dict[str, Callable] = {
    "<=": pc.less_equal, "<": pc.less, ">=": pc.greater_equal, ">": pc.greater, "=": pc.equal, "!=": pc.not_equal,
}  # fmt: skip
MESSAGES = {
    "required": "Cột '{vi}' bắt buộc phải có giá trị.",
    "bad_number": "Cột '{vi}' không phải là số.",
    "bad_date": "Cột '{vi}' không phải là ngày hợp lệ.",
    "bad_instant": "Cột '{vi}' không phải là ngày giờ hợp lệ.",
    "bad_boolean": "Cột '{vi}' chỉ nhận có hoặc không.",
    "not_allowed": "Cột '{vi}' chỉ nhận một trong các giá trị: {allowed}.",
    "too_long": "Cột '{vi}' dài quá {max_length} ký tự.",
    "control_character": "Cột '{vi}' có ký tự điều khiển.",
    "below_min": "Cột '{vi}' không được nhỏ hơn {min}.",
    "above_max": "Cột '{vi}' không được lớn hơn {max}.",
    "bad_period": "Cột '{vi}' không phải là kỳ báo cáo hợp lệ (ví dụ 2013-Q4, 2013-05, 2013).",
    "unknown_unit": "Mã ở cột '{vi}' không có trong danh mục đơn vị.",
    "foreign_unit": "Đơn vị ở cột '{vi}' không thuộc phạm vi của đơn vị gửi.",
}


@dataclass(frozen=True)
class Context:
    """What the checks need to know beside the row."""

    contract: Contract
    source: Source
    units: pa.Array  # all official codes
    own_units: pa.Array  # the sender's and those under it
    arrived_at: datetime
    secret: bytes  # for keyed hashes of personal ids


@dataclass(frozen=True)
class Problem:
    """Rows (a mask over the batch) that break one rule; `column` is empty for a rule over several."""

    mask: pa.Array
    rule: str
    column: str
    message_vi: str


@dataclass(frozen=True)
class Checked:
    """A batch after the checks: typed columns of all rows, the rows that pass, and the problems."""

    columns: dict[str, pa.Array]
    passes: pa.Array | None  # None: all
    problems: list[Problem]


def check(batch: pa.RecordBatch, context: Context) -> Checked:
    """Type and check every row of `batch` (text columns of the contract's stored names plus `_line`)."""
    columns: dict[str, pa.Array] = {}
    problems: list[Problem] = []
    for name, column in context.contract.stored.items():
        if column.derived:
            continue
        typed = cast_column(_mapped(batch, name, context.source), column, context.source)
        problems += _cell_problems(name, column, typed, context)
        columns[name] = _hashed(typed.values, context.secret) if column.personal is Personal.HASH else typed.values
    _derive(columns, context)
    flags = pa.nulls(batch.num_rows, pa.string())
    for rule in context.contract.rows:
        broken = _broken(rule, columns, context)
        if rule.action == "flag":
            flags = _flag(flags, broken, rule.id)
        elif pc.any(broken).as_py():
            problems.append(Problem(broken, rule.id, "", rule.vi))
    columns |= {"_flags": flags, "_line": batch["_line"], "_version": _version(columns, context, batch.num_rows)}
    bad = reduce(pc.or_, (problem.mask for problem in problems)) if problems else None
    return Checked(columns, pc.invert(bad) if bad is not None else None, problems)


def _mapped(batch: pa.RecordBatch, name: str, source: Source) -> pa.Array:
    if name in source.constants:
        return pa.array([source.constants[name]] * batch.num_rows, pa.string())
    text = batch[name]
    words = source.values.get(name)
    if not words:
        return text
    place = pc.index_in(text, pa.array(list(words)))
    return pc.coalesce(pc.take(pa.array(list(words.values())), place), text)


def _cell_problems(name: str, column: Column, typed: Typed, context: Context) -> Iterator[Problem]:
    def problem(mask: pa.Array, rule: str) -> Iterator[Problem]:
        mask = pc.fill_null(mask, False)
        if pc.any(mask).as_py():
            yield Problem(mask, rule, name, _message(rule, column))

    values = typed.values
    if typed.bad is not None:
        yield from problem(typed.bad, BAD_RULES[column.type])
    if (column.required or name in context.contract.key) and values.null_count:
        missing = pc.is_null(values)
        yield from problem(missing if typed.bad is None else pc.and_not(missing, typed.bad), "required")
    if column.type in TEXT_TYPES:
        yield from _text_problems(column, values, context, problem)
    if name == "agency_code":
        known = pc.is_in(values, context.units)
        yield from problem(pc.and_(known, pc.invert(pc.is_in(values, context.own_units))), "foreign_unit")
    for bound, compare, rule in ((column.min, pc.less, "below_min"), (column.max, pc.greater, "above_max")):
        if bound is not None:
            yield from problem(compare(values, pa.scalar(bound).cast(values.type)), rule)


def _text_problems(column: Column, values: pa.Array, context: Context, problem: Callable) -> Iterator[Problem]:
    if may_hold_controls(values):
        yield from problem(pc.match_substring_regex(values, CONTROLS), "control_character")
    if column.type == "unit":
        known = pc.is_in(values, context.units)
        yield from problem(pc.and_(pc.is_valid(values), pc.invert(known)), "unknown_unit")
    elif column.type == "period":
        yield from problem(pc.invert(pc.match_substring_regex(values, PERIOD)), "bad_period")
    elif column.allowed:
        yield from problem(pc.and_(pc.is_valid(values), pc.invert(pc.is_in(values, pa.array(column.allowed)))), "not_allowed")
    else:
        yield from problem(pc.greater(pc.utf8_length(values), column.max_length), "too_long")


def _message(rule: str, column: Column) -> str:
    words = {"vi": column.vi, "allowed": ", ".join(column.allowed), "min": column.min, "max": column.max}
    return MESSAGES[rule].format(**words, max_length=column.max_length)


def _broken(rule: RowRule, columns: dict[str, pa.Array], context: Context) -> pa.Array:
    broken = pc.fill_null(pc.invert(_holds(rule, columns, context)), False)
    for name, value in rule.when.items():
        asked = pc.equal(columns[name], pa.scalar(value).cast(columns[name].type))
        broken = pc.and_(broken, pc.fill_null(asked, False))
    return broken


def _holds(rule: RowRule, columns: dict[str, pa.Array], context: Context) -> pa.Array:
    left = columns[rule.left]
    if rule.op == "requires":
        return pc.or_(pc.is_null(left), pc.is_valid(columns[rule.right]))
    if rule.right == "arrived_at":
        limit = pa.scalar(context.arrived_at, INSTANT)
        right = limit if left.type == INSTANT else pa.scalar(context.arrived_at.date(), pa.date32())
    else:
        right = columns[rule.right] if rule.right in columns else pa.scalar(rule.right).cast(left.type)
    return COMPARE[rule.op](left, right)


def _flag(flags: pa.Array, broken: pa.Array, rule: str) -> pa.Array:
    if not pc.any(broken).as_py():
        return flags
    joined = pc.binary_join_element_wise(flags, pa.scalar(rule), " ", null_handling="skip")
    return pc.if_else(broken, joined, flags)


def _derive(columns: dict[str, pa.Array], context: Context) -> None:
    """`due_by`: the last instant at which a dossier is still on time, by the source's declared precision and zone
    (docs: a due *time* is met until that time, a due *date* until 24:00 of that date in the source's zone)."""
    if "due_by" not in context.contract.columns:
        return
    due = columns["due_at"]
    if context.source.due_precision == "day" and due.null_count < len(due):
        zone = context.source.time_zone
        day = pc.floor_temporal(due.cast(pa.timestamp("us", tz=zone)), unit="day")
        local = pc.local_timestamp(day)
        following = pc.add(local, pa.scalar(timedelta(days=1), pa.duration("us")))
        due = pc.subtract(
            pc.assume_timezone(following, zone, ambiguous="earliest", nonexistent="earliest").cast(INSTANT),
            pa.scalar(timedelta(microseconds=1), pa.duration("us")),
        )
    columns["due_by"] = due.cast(INSTANT)


def _version(columns: dict[str, pa.Array], context: Context, rows: int) -> pa.Array:
    """What orders the versions of a row: the source's own stamp, else the moment the delivery arrived (decision 23)."""
    arrived = pa.scalar(context.arrived_at, INSTANT)
    own = context.contract.version_column
    if own is None or columns[own].null_count == rows:
        return pa.array([context.arrived_at], INSTANT).take(pa.array([0] * rows, pa.int32())) if rows else pa.array([], INSTANT)
    return pc.coalesce(columns[own], arrived)


def _hashed(values: pa.Array, secret: bytes) -> pa.Array:
    """Keyed hashes of ids: SHA-256 has no vectorised kernel, so each distinct id is hashed once."""
    coded = values.dictionary_encode()
    hashes = [hmac.new(secret, word.encode(), sha256).hexdigest()[:32] for word in coded.dictionary.to_pylist()]
    return pa.array(hashes, pa.string()).take(coded.indices)


def empty_columns(contract: Contract) -> dict[str, pa.DataType]:
    """The Arrow schema of a contract's accepted rows."""
    kinds = {name: ARROW_TYPES[column.type] for name, column in contract.stored.items()}
    return kinds | {"_delivery": pa.int64(), "_line": pa.int64(), "_version": INSTANT, "_flags": pa.string()}

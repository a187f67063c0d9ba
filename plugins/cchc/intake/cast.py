"""Text columns to typed columns, vectorised; what does not read becomes null and is told by a mask."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cchc.connectors.sources import Source
from cchc.contracts import TEXT_TYPES, Column
from cchc.intake.glance import may_hold

Cast = Callable[[pa.Array], pa.Array]
INSTANT = pa.timestamp("us", tz="UTC")
TRUE_WORDS = pa.array(["x", "có", "1", "true", "yes", "đúng"])
FALSE_WORDS = pa.array(["không", "0", "false", "no", "sai"])
SERIAL = "excel"  # a source whose dates are bare numbers of a workbook says so
SERIAL_ZERO = -2_209_161_600_000_000  # microseconds from 1970 back to 30/12/1899
LAST_SERIAL = 2_958_466.0  # the first day of the year 10000
OLDEST_YEAR, MOST_YEARS = 1900, 60  # beyond them a zone's own table is asked, row by row
ARROW_TYPES = {
    "text": pa.string(), "code": pa.string(), "unit": pa.string(), "period": pa.string(), "integer": pa.int64(),
    "amount": pa.decimal128(18, 2), "decimal": pa.decimal128(18, 4), "date": pa.date32(), "instant": INSTANT, "boolean": pa.bool_(),
}  # fmt: skip
BAD_RULES = {"date": "bad_date", "instant": "bad_instant", "boolean": "bad_boolean"} | dict.fromkeys(
    ("integer", "amount", "decimal"), "bad_number"
)


@dataclass(frozen=True)
class Typed:
    """A typed column; `bad` is True where there was text that does not read as the type (None: nowhere)."""

    values: pa.Array
    bad: pa.Array | None


def cast_column(text: pa.Array, column: Column, source: Source) -> Typed:
    """`text` as the contract's type, read in the source's declared formats and time zone."""
    if column.type in TEXT_TYPES:
        return Typed(text, None)
    if text.null_count == len(text):
        return Typed(pa.nulls(len(text), ARROW_TYPES[column.type]), None)
    values = CASTS[column.type](text, source)
    if values.null_count == text.null_count:
        return Typed(values, None)
    return Typed(values, pc.and_(pc.is_valid(text), pc.is_null(values)))


def _boolean(text: pa.Array, _: Source) -> pa.Array:
    word = pc.utf8_lower(text)
    known = pc.or_(pc.is_in(word, TRUE_WORDS), pc.is_in(word, FALSE_WORDS))
    return pc.if_else(known, pc.is_in(word, TRUE_WORDS), pa.scalar(None, pa.bool_()))


def _number(text: pa.Array, kind: pa.DataType, source: Source) -> pa.Array:
    """Numbers in the source's style: its decimal mark, the other mark only between groups of three digits."""
    if not may_hold(text, "eE" if source.decimal == "." else "eE."):
        with suppress(pa.ArrowInvalid):
            return text.cast(kind)
    mark, group = (r"\.", ",") if source.decimal == "." else (",", r"\.")
    shape = rf"^[+-]?(\d+|\d{{1,3}}({group}\d{{3}})+)({mark}\d{{1,6}})?$"
    plain = pc.replace_substring(text, "," if source.decimal == "." else ".", "")
    plain = pc.replace_substring(plain, ",", ".")
    good = pc.fill_null(pc.match_substring_regex(text, shape), False)
    return _cast_or_null(pc.if_else(good, plain, pa.scalar(None, pa.string())), kind)


def _cast_or_null(text: pa.Array, kind: pa.DataType) -> pa.Array:
    try:
        return text.cast(kind)
    except pa.ArrowInvalid:  # too many digits for the type somewhere: find the cells one by one
        return pa.array([_one(cell, kind) for cell in text], kind)


def _one(cell: pa.Scalar, kind: pa.DataType) -> Any:
    try:
        return cell.cast(kind).as_py()
    except pa.ArrowInvalid:
        return None


def _date(text: pa.Array, source: Source) -> pa.Array:
    return _coalesced(text, source.dates, _iso_date).cast(pa.date32(), safe=False)


def _instant(text: pa.Array, source: Source) -> pa.Array:
    def local(naive: pa.Array) -> pa.Array:
        """A time doubled or skipped by a change of clocks takes the earlier reading."""
        if (offset := one_offset(source.time_zone, *_years(naive))) is not None:
            return pc.subtract(naive, pa.scalar(offset, pa.duration("us"))).cast(INSTANT)
        return pc.assume_timezone(naive, source.time_zone, ambiguous="earliest", nonexistent="earliest").cast(INSTANT)

    def iso(left: pa.Array) -> pa.Array:
        with suppress(pa.ArrowInvalid):
            return local(left.cast(pa.timestamp("us")))
        with suppress(pa.ArrowInvalid):
            return left.cast(INSTANT)
        return pc.coalesce(local(_by_pandas(left, utc=False)), _by_pandas(left, utc=True).cast(INSTANT))

    return _coalesced(text, source.instants, iso, local)


def _years(naive: pa.Array) -> tuple[int, int]:
    """The first and the last year among the instants; (0, 0) of none."""
    bounds = pc.min_max(naive)
    first, last = (np.datetime64(bounds[end].value or 0, "us").astype("datetime64[Y]").astype(int) + 1970 for end in ("min", "max"))
    return (int(first), int(last)) if bounds["min"].is_valid else (0, 0)


@lru_cache
def one_offset(zone: str, first: int, last: int) -> timedelta | None:
    """The zone's offset from UTC when it is the same on every day of these years (Vietnam's since 1976), else None.

    A subtraction then does for millions of rows what a lookup in the zone's table would, at a hundredth of its cost.
    """
    if first < OLDEST_YEAR or last - first > MOST_YEARS:
        return None
    start = datetime(first - 1, 12, 31, tzinfo=ZoneInfo(zone))
    offsets = {(start + timedelta(days=day)).utcoffset() for day in range(366 * (last - first + 1) + 3)}
    return offsets.pop() if len(offsets) == 1 else None


def _coalesced(text: pa.Array, pattern: str | None, iso: Cast, local: Cast = lambda found: found) -> pa.Array:
    """By the declared pattern first; what it leaves, as ISO 8601 (typed cells of a workbook come so)."""
    if not pattern:
        return iso(text)
    found = local(_serial(text) if pattern == SERIAL else _by_pattern(text, pattern))
    if found.null_count == text.null_count:
        return found
    return pc.coalesce(found, iso(pc.if_else(pc.is_null(found), text, pa.scalar(None, pa.string()))))


def _by_pattern(text: pa.Array, pattern: str) -> pa.Array:
    naive = pc.strptime(text, format=pattern, unit="us", error_is_null=True)
    told = pc.equal(_unpadded(pc.strftime(naive, format=pattern)), _unpadded(text))
    return pc.if_else(told, naive, pa.scalar(None, naive.type))  # strptime turns 31/02 into 03/03


def _serial(text: pa.Array) -> pa.Array:
    """Days since 30/12/1899 with a fraction, as workbooks hold dates whose cells are not formatted as such."""
    shaped = pc.fill_null(pc.match_substring_regex(text, r"^\d{1,7}([.,]\d+)?$"), False)
    days = pc.replace_substring(pc.if_else(shaped, text, pa.scalar(None, pa.string())), ",", ".").cast(pa.float64())
    seconds = pc.round(pc.multiply(days, 86_400.0)).cast(pa.int64())
    within = pc.fill_null(pc.and_(pc.greater_equal(days, 1.0), pc.less(days, LAST_SERIAL)), False)
    micros = pc.add(pc.multiply(pc.if_else(within, seconds, pa.scalar(None, pa.int64())), 1_000_000), SERIAL_ZERO)
    return micros.cast(pa.timestamp("us"))


def _unpadded(text: pa.Array) -> pa.Array:
    """Digits without leading zeros and seconds without an empty fraction, so that 1/2/2013 equals 01/02/2013."""
    return pc.replace_substring_regex(pc.replace_substring_regex(text, r"\.0+$", ""), r"\b0+(\d)", r"\1")


def _iso_date(text: pa.Array) -> pa.Array:
    shaped = pc.fill_null(pc.match_substring_regex(text, r"^\d{4}-\d{2}-\d{2}$"), False)
    text = pc.if_else(shaped, text, pa.scalar(None, pa.string()))
    with suppress(pa.ArrowInvalid):
        return text.cast(pa.timestamp("us"))
    return _by_pandas(text, utc=False)


def _by_pandas(text: pa.Array, utc: bool) -> pa.Array:
    """The slow way, for batches that hold a cell Arrow refuses: ISO 8601 with or without offset, others null."""
    offset = pc.fill_null(pc.match_substring_regex(text, r"[T ].*([+-]\d\d:?\d\d|Z)$"), False)
    chosen = pc.if_else(offset if utc else pc.invert(offset), text, pa.scalar(None, pa.string()))
    read = pd.to_datetime(chosen.to_pandas(), format="ISO8601", errors="coerce", utc=utc)
    return pa.Array.from_pandas(read.astype(f"datetime64[us{', UTC' if utc else ''}]"))


CASTS = {
    "boolean": _boolean,
    "integer": lambda text, source: _number(text, pa.int64(), source),
    "amount": lambda text, source: _number(text, ARROW_TYPES["amount"], source),
    "decimal": lambda text, source: _number(text, ARROW_TYPES["decimal"], source),
    "date": _date,
    "instant": _instant,
}

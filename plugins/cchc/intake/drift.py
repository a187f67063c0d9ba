"""What is other in a file's form than in the source's delivery before it, named in its sender's language."""

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg

from cchc.connectors.sources import Source
from cchc.contracts import ADVISORY, BLOCKING, Contract
from cchc.intake.check import Context
from cchc.intake.shape import Shape
from cchc.readers.text import plain

SHAPE = "_shape"  # its key in ops.delivery.headers, among names of columns, which never begin so
MOST_TOLD = 6
LIKE = 0.6  # ours: a new header at least this like a lost one is told as its new name
LOOKS_VI = {
    "day_first": "ngày/tháng/năm", "month_first": "tháng/ngày/năm", "iso": "năm-tháng-ngày", "serial": "số thứ tự ngày của bảng tính",
    "comma": "1.234,5", "point": "1,234.5", "whole": "số nguyên", "text": "chữ",
}  # fmt: skip
DATES, NUMBERS = ("day_first", "month_first", "iso", "serial"), ("comma", "point")

PREVIOUS = f"""
select (headers -> '{SHAPE}')::text from ops.delivery where source_id = %s and status = 'accepted' and jsonb_exists(headers, '{SHAPE}')
  and (arrived_at, delivery_id) < (select arrived_at, delivery_id from ops.delivery where delivery_id = %s)
order by arrived_at desc, delivery_id desc limit 1"""


@dataclass(frozen=True)
class Change:
    """One difference: its kind, as in the contract's `drift:`, and what the sender is told."""

    kind: str
    told_vi: str
    column: str = ""  # of the contract, for what its cells tell


def previous_shape(connection: psycopg.Connection, source_id: str, delivery_id: int) -> Shape | None:
    """The form of the source's accepted delivery before this one; None when there is none that was looked at."""
    row = connection.execute(PREVIOUS, (source_id, delivery_id)).fetchone()
    return Shape(**json.loads(row[0])) if row else None


def weighed(changes: list[Change], context: Context) -> tuple[str | None, str | None]:
    """Rule and reason for the books: BLOCKING when one of the changes is, by the source's `drift:` or its contract's."""
    own = context.source.drift
    weights = context.contract.drift.model_dump() | (own.model_dump(exclude_unset=True) if own else {})
    heard = [change for change in changes if weights[change.kind] != "off"]
    if not heard:
        return None, None
    rule = BLOCKING if any(weights[change.kind] == "blocking" for change in heard) else ADVISORY
    more = "; ..." if len(heard) > MOST_TOLD else ""
    told = "; ".join(change.told_vi for change in heard[:MOST_TOLD])
    return rule, f"Mẫu tệp khác trước: {told}{more}. Đề nghị kiểm tra lại tệp hoặc báo đơn vị vận hành nếu mẫu đã thay đổi"


def changes_of(before: Shape | None, now: Shape, context: Context) -> list[Change]:
    """The differences of a file from the delivery before, and from what its source declares of dates and numbers.

    Nothing is told of headers, sheets and types when the declaration itself was changed in between.
    """
    found = list(_undeclared(now, context.contract, context.source))
    if before is None or before.declared != now.declared:
        return found
    told = {change.column for change in found}
    return [*found, *_headers(before, now), *_sheets(before, now), *_looks(before, now, context.contract, told)]


def remembered(before: Shape | None, now: Shape) -> Shape:
    """The form to compare the next delivery with: of records, names met before stay known; so do looks that this one does not tell."""
    if before is None or before.declared != now.declared:
        return now
    headers = list(dict.fromkeys([*before.headers, *now.headers])) if now.records else now.headers
    return Shape(now.declared, now.records, headers, now.sheets, before.looks | now.looks)


def _headers(before: Shape, now: Shape) -> Iterator[Change]:
    old, new = {plain(h): h for h in before.headers}, {plain(h): h for h in now.headers}
    lost = [] if now.records else [name for name in old if name not in new]
    fresh = [name for name in new if name not in old]
    for name in lost:
        close = difflib.get_close_matches(name, fresh, n=1, cutoff=LIKE)
        if close:
            fresh.remove(close[0])
            yield Change("renamed_column", f"cột '{old[name]}' không còn, cột mới '{new[close[0]]}' có thể là tên mới của cột này")
        else:
            yield Change("lost_column", f"không còn cột '{old[name]}'")
    yield from (Change("new_column", f"có cột mới '{new[name]}'") for name in fresh)


def _sheets(before: Shape, now: Shape) -> Iterator[Change]:
    if before.sheets != now.sheets:
        yield Change("sheet", f"trang tính '{', '.join(before.sheets)}' nay là '{', '.join(now.sheets)}'")


def _looks(before: Shape, now: Shape, agreed: Contract, told: set[str]) -> Iterator[Change]:
    for name, look in now.looks.items():
        earlier = before.looks.get(name)
        if earlier and earlier != look and name not in told:
            yield from _change(agreed.columns[name].vi, earlier, look)


def _change(header: str, earlier: str, look: str) -> Iterator[Change]:
    if {earlier, look} == {"whole", "comma"} or {earlier, look} == {"whole", "point"}:
        return  # a whole number among fractions is no other format
    words = f"cột '{header}' trước ghi dạng {LOOKS_VI[earlier]}, nay ghi dạng {LOOKS_VI[look]}"
    if earlier in DATES and look in DATES:
        yield Change("date_format" if "month_first" in (earlier, look) else "type", words)
    elif earlier in NUMBERS and look in NUMBERS:
        yield Change("number_format", words)
    else:
        yield Change("type", words)


def _undeclared(now: Shape, agreed: Contract, source: Source) -> Iterator[Change]:
    """Cells that would read, and wrongly, under the declared format: months for days, thousands for fractions."""
    mark = "comma" if source.decimal == "," else "point"
    declared = {"date": _order(source.dates), "instant": _order(source.instants), "amount": mark, "decimal": mark}
    for name, look in now.looks.items():
        column = agreed.columns[name]
        wanted = declared.get(column.type)
        if wanted and {wanted, look} in ({"day_first", "month_first"}, {"comma", "point"}):
            kind = "date_format" if look in DATES else "number_format"
            yield Change(kind, f"cột '{column.vi}' được khai báo dạng {LOOKS_VI[wanted]}, tệp ghi dạng {LOOKS_VI[look]}", name)


def _order(pattern: str | None) -> str | None:
    """Whether a pattern of dates puts the day or the month first."""
    places = [(pattern or "").find(sign) for sign in ("%d", "%m", "%Y")]
    if min(places) < 0 or places[2] < max(places[:2]):
        return None
    return "day_first" if places[0] < places[1] else "month_first"

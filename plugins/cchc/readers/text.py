"""Headers and cells as text: matching, folding of event logs, total rows."""

import difflib
import unicodedata
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from cchc.readers.request import Refusal, Request, Tally

MOST_COLUMNS = 16_384  # what a sheet can have
LONGEST_CELL = 1 << 20  # bytes


def plain(text: str) -> str:
    """Text as headers are compared: without accents, case, spaces and punctuation."""
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in bare.casefold() if c.isalnum())


def match_headers(found: list[str], request: Request) -> tuple[dict[str, int], list[str]]:
    """Where each wanted column stands in the file, and the optional ones that are not there.

    Raises Refusal when a required one is missing (naming the likest header), one stands twice, or there are too many.
    """
    if len(found) > MOST_COLUMNS:
        raise Refusal(
            "too_many_columns", f"Tệp có {len(found)} cột, nhiều nhất là {MOST_COLUMNS}. Đề nghị kiểm tra dòng tiêu đề và gửi lại."
        )
    places: dict[str, list[int]] = {}
    for place, header in enumerate(found):
        places.setdefault(plain(header), []).append(place)
    result, absent = {}, []
    for column, header in request.headers.items():
        here = places.get(plain(header), [])
        if len(here) > 1:
            raise Refusal("double_column", f"Cột '{header}' xuất hiện {len(here)} lần. Đề nghị giữ lại một cột.")
        if here:
            result[column] = here[0]
        elif column in request.required:
            raise Refusal("missing_column", f"Không thấy cột '{header}'.{_likest(header, found, request)}")
        else:
            absent.append(column)
    return result, absent


def _likest(header: str, found: list[str], request: Request) -> str:
    """What the file has instead: a header much like it, else the ones that were recognised. No other cell of the row is
    repeated, for a row read as the header by mistake holds persons."""
    known = {plain(wanted): wanted for wanted in request.headers.values()}
    recognised = [known[name] for f in found if (name := plain(f)) in known]
    if not recognised:
        return " Dòng được đọc làm tiêu đề không có cột nào của luồng dữ liệu này. Đề nghị kiểm tra dòng tiêu đề."
    close = difflib.get_close_matches(plain(header), [plain(f) for f in found], n=1, cutoff=0.5)
    if not close:
        return f" Các cột đã nhận ra: {', '.join(recognised)}. Đề nghị bổ sung cột còn thiếu."
    return f" Có cột gần giống: '{next(f for f in found if plain(f) == close[0])}'. Đề nghị sửa tên cột, hoặc khai báo tên này."


def is_total_row(columns: list[pa.Array], prefixes: tuple[str, ...]) -> pa.Array:
    """True where the first non-empty cell of a row starts with one of `prefixes` (without regard to accents' form)."""
    first = pc.coalesce(*columns)
    return reduce(pc.or_, (pc.fill_null(pc.starts_with(first, pattern=p, ignore_case=True), False) for p in prefixes))


def fold(table: pa.Table, by: str) -> pa.Table:
    """One row per value of `by`: the first non-null value of every other column, in file order."""
    others = [name for name in table.column_names if name != by]
    folded = table.group_by(by, use_threads=False).aggregate([(name, "first") for name in others])
    return folded.rename_columns([name.removesuffix("_first") for name in folded.column_names]).select(table.column_names)


def clean(column: pa.Array) -> pa.Array:
    """NFC, no blanks around, empty = null (decision 15)."""
    if pc.all(pc.string_is_ascii(column)).as_py() in (True, None):
        trimmed = pc.ascii_trim_whitespace(column)
    else:
        trimmed = pc.utf8_trim_whitespace(pc.utf8_normalize(column, form="NFC"))
    empty = pc.equal(pc.binary_length(trimmed), 0)
    return pc.if_else(empty, pa.scalar(None, pa.string()), trimmed) if pc.any(empty).as_py() else trimmed


def _refuse_long_cells(header: str, column: pa.Array, lines: pa.Array) -> None:
    """No cell of a feed comes near the limit: one that does is an open quote, a wrong column or an attack."""
    if column.nbytes <= LONGEST_CELL:
        return
    sizes = pc.fill_null(pc.binary_length(column), 0)
    longest = pc.max(sizes).as_py() or 0
    if longest > LONGEST_CELL:
        line = lines[pc.index(sizes, longest).as_py()].as_py()
        raise Refusal("cell_too_long", f"Dòng {line}, cột '{header}': ô dài {longest >> 20} MB, nhiều nhất là {LONGEST_CELL >> 20} MB. "
                      "Đề nghị kiểm tra dấu ngoặc kép và nội dung ô.")  # fmt: skip


def finish(columns: dict[str, pa.Array], lines: pa.Array, request: Request, tally: Tally) -> pa.RecordBatch:
    """Clean the columns, leave blank and total rows out (counted as skipped) and put `_line` beside."""
    for name, column in columns.items():
        _refuse_long_cells(request.headers[name], column, lines)
    cleaned = {name: clean(column) for name, column in columns.items()}
    tally.rows += len(lines)
    drop = None
    if all(column.null_count for column in cleaned.values()):
        drop = pc.is_null(pc.coalesce(*cleaned.values()))
    if request.skip_rows:
        total = is_total_row(list(cleaned.values()), request.skip_rows)
        drop = total if drop is None else pc.or_(drop, total)
    absent = {name: pa.nulls(len(lines), pa.string()) for name in tally.absent}
    batch = pa.RecordBatch.from_pydict(cleaned | absent | {"_line": lines})
    batch = batch.select([*request.headers, "_line"])
    if drop is None:
        return batch
    tally.skipped += pc.sum(drop).as_py() or 0
    return batch.filter(pc.invert(drop))

"""What a sheet of cells means: header rows, the "(1) (2) ..." line under them, group rows; the same for XLSX and XLS."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import pyarrow as pa

from cchc.readers.request import Refusal, Request, Tally
from cchc.readers.text import finish, match_headers

SHEET_LINES = 1 << 20  # rows a sheet can have: line 3 of the second sheet is 1 * SHEET_LINES + 3
COLUMN_NUMBER = re.compile(r"\(\s*\d{1,3}[a-z]?\s*\)(\s*[=+\-*/:].*)?", re.IGNORECASE)


@dataclass
class Sheet:
    """A sheet's cells row by row, the rows with a cell that holds no value (an error, a formula never computed) and the
    second count of its filled rows."""

    name: str
    rows: list[list]
    counted: int
    broken: set[int] = field(default_factory=set)  # row numbers from 1


def chosen_sheets(names: list[str], options: dict, tally: Tally) -> list[str]:
    """The sheets that a source reads: its list, its one, all of them for `*`, else the first; `tally` is told what that left.

    Raises Refusal naming the ones there are when a wanted one is not.
    """
    wanted = options.get("sheets") or ([options["sheet"]] if options.get("sheet") else names[:1])
    tally.unread = [] if options.get("sheets") or options.get("sheet") else names[1:]
    if wanted == ["*"]:
        return names
    if missing := [name for name in wanted if name not in names]:
        raise Refusal("missing_sheet", f"Không thấy trang tính '{missing[0]}'. Có: {', '.join(names)}.")
    return list(wanted)


def sheet_rows(sheets: list[Sheet], request: Request, tally: Tally) -> Iterator[pa.RecordBatch]:
    """One batch a sheet: the wanted columns as text plus `_line`.

    Raises Refusal when there is no header or a column is missing.
    """
    for number, sheet in enumerate(sheets):
        yield _rows(sheet, number * SHEET_LINES, request, tally)


def _rows(sheet: Sheet, before: int, request: Request, tally: Tally) -> pa.RecordBatch:
    top, deep = request.options["header_row"], request.options.get("header_rows", 1)
    if len(sheet.rows) < top + deep - 1:
        raise Refusal("no_rows", f"Trang tính '{sheet.name}' không có dòng tiêu đề thứ {top}. Đề nghị kiểm tra lại tệp.")
    start = top + deep - 1
    found = headers(sheet.rows[top - 1 : start])
    places, tally.absent = match_headers(found, request)
    tally.sheets.append(sheet.name)
    tally.note(found)
    tally.counted += sheet.counted - sum(map(is_filled, sheet.rows[:start]))
    body = [(line, row) for line, row in enumerate(sheet.rows[start:], start + 1) if is_filled(row)]
    broken = [line for line, row in body if line in sheet.broken]
    body = [(line, row) for line, row in body if line not in sheet.broken]
    kept = [(line, row) for line, row in body if not _is_aside(line - start, row, request)]
    tally.errors += [before + line for line in broken]
    tally.skipped += len(body) - len(kept)
    tally.rows += len(body) - len(kept) + len(broken)
    columns = {name: pa.array([cell_text(row[place], request.decimal) for _, row in kept], pa.string()) for name, place in places.items()}
    return finish(columns, pa.array([before + line for line, _ in kept], pa.int64()), request, tally)


def headers(rows: list[list]) -> list[str]:
    """One header a column; of two rows, the upper one reaches over the columns that its merged cell covers."""
    texts = [[" ".join(cell_text(cell, ".").split()) for cell in row] for row in rows]
    if len(texts) == 1:
        return texts[0]
    upper, lower = texts
    above, joined = "", []
    for high, low in zip(upper, lower, strict=True):
        above = high or (above if low else "")
        joined.append(f"{above} {low}".strip())
    return joined


def is_filled(row: list) -> bool:
    """Whether any cell of the row holds something."""
    return any(cell != "" for cell in row)


def _is_aside(distance: int, row: list, request: Request) -> bool:
    """The line of column numbers right under the header, and (where declared) a row that is only the name of a group."""
    filled = [cell_text(cell, ".").strip() for cell in row if cell != ""]
    if distance == 1 and all(COLUMN_NUMBER.fullmatch(cell) for cell in filled):
        return True
    return bool(request.options.get("groups")) and len(filled) == 1


def cell_text(cell: object, decimal: str) -> str:
    """A cell as the text a CSV would hold: ISO dates, numbers with the source's decimal mark."""
    match cell:
        case bool():
            return "1" if cell else "0"
        case float():
            number = format(cell, ".0f") if cell.is_integer() else repr(cell)
            return number.replace(".", decimal)
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime() | date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
        case _:
            return str(cell)

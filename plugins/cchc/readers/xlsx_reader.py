"""XLSX to a batch of text. The archive is tested first: calamine does not check the ZIP's sums (decision 17)."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from cchc.readers.request import Refusal, Request, Tally
from cchc.readers.text import finish, match_headers

LARGEST_UNPACKED = 512 << 20
ROW = re.compile(rb"<(?:\w+:)?row[\s>](?:.*?)</(?:\w+:)?row>", re.DOTALL)
FILLED = re.compile(rb"<(?:\w+:)?(?:v|t)(?:\s[^>]*)?>[^<]")


def read_xlsx(raw: io.BufferedIOBase, request: Request, tally: Tally) -> Iterator[pa.RecordBatch]:
    """One batch of the wanted columns as text plus `_line` (the sheet's row number).

    Raises Refusal when the archive is damaged or too large, the sheet is absent or a column is missing.
    """
    content = raw.read()
    archive = _tested(content)
    sheet_name, rows = _rows(content, request.options.get("sheet"))
    top = request.options["header_row"]
    if len(rows) < top:
        raise Refusal("no_rows", f"Trang tính không có dòng tiêu đề thứ {top}. Đề nghị kiểm tra lại tệp.")
    places, tally.absent = match_headers([_text(cell, ".") for cell in rows[top - 1]], request)
    body = rows[top:]
    columns = {name: pa.array([_text(row[place], request.decimal) for row in body], pa.string()) for name, place in places.items()}
    tally.counted = _count_rows(archive, sheet_name) - sum(1 for row in rows[:top] if any(cell != "" for cell in row))
    blank = sum(1 for row in body if all(cell == "" for cell in row))
    yield finish(columns, pa.array(range(top + 1, top + 1 + len(body)), pa.int64()), request, tally)
    tally.rows -= blank  # a blank row of a sheet is no row: Excel keeps thousands of them
    tally.skipped -= blank


def _tested(content: bytes) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
            raise Refusal("too_large", "Tệp bung ra quá lớn. Đề nghị chia tệp nhỏ hơn.")
        damaged = archive.testzip()
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise Refusal("unreadable", "Tệp không phải XLSX nguyên vẹn (hỏng, cắt ngắn hoặc có mật khẩu). Đề nghị gửi lại.") from error
    if damaged or "xl/workbook.xml" not in archive.namelist():
        raise Refusal("unreadable", "Tệp XLSX bị hỏng. Đề nghị lưu lại và gửi lại tệp.")
    return archive


def _rows(content: bytes, wanted: str | None) -> tuple[str, list[list]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if wanted and wanted not in book.sheet_names:
            raise Refusal("missing_sheet", f"Không thấy trang tính '{wanted}'. Có: {', '.join(book.sheet_names)}.")
        name = wanted or book.sheet_names[0]
        return name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, IndexError, ValueError) as error:
        raise Refusal("unreadable", "Không đọc được trang tính. Đề nghị lưu lại tệp dạng XLSX và gửi lại.") from error


def _text(cell: object, decimal: str) -> str:
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


def _count_rows(archive: zipfile.ZipFile, sheet_name: str) -> int:
    """Rows with at least one filled cell, counted from the sheet's XML by pattern, not by the reader."""
    content = archive.read(_sheet_path(archive, sheet_name))
    return sum(1 for row in ROW.finditer(content) if FILLED.search(row.group()))


def _sheet_path(archive: zipfile.ZipFile, sheet_name: str) -> str:
    from xml.sax.saxutils import escape

    book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    sheets = [tag for tag in re.findall(r"<(?:\w+:)?sheet\s[^>]*>", book) if f'name="{escape(sheet_name, {chr(34): "&quot;"})}"' in tag]
    link = re.search(r'r:id="([^"]+)"', sheets[0]) if sheets else None
    target = next((t for t in re.findall(r"<Relationship\s[^>]*>", links) if link and f'Id="{link.group(1)}"' in t), "")
    place = re.search(r'Target="([^"]+)"', target)
    if not place:
        raise Refusal("unreadable", "Không tìm thấy trang tính trong tệp. Đề nghị lưu lại và gửi lại tệp.")
    path = place.group(1).lstrip("/")
    return path if path.startswith("xl/") else f"xl/{path}"

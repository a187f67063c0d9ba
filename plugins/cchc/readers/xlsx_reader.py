"""XLSX to a batch of text. The archive is tested first: calamine does not check the ZIP's sums (decision 17)."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from cchc.readers.office import refuse_macros, refuse_ole
from cchc.readers.request import Refusal, Request, Tally
from cchc.readers.sheet import Sheet, chosen_sheets, sheet_rows

LARGEST_UNPACKED = 512 << 20
BLOCK = 1 << 20
DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
ROW = re.compile(rb"<(?:\w+:)?row[\s>](?:.*?)</(?:\w+:)?row>", re.DOTALL)
FILLED = re.compile(rb"<(?:\w+:)?(?:v|t)(?:\s[^>]*)?>[^<]")
CELL = re.compile(rb"<(?:\w+:)?c\s((?:[^>]*?\s)?r=\"[A-Z]+\d+\"[^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
PLACE = re.compile(rb"\br=\"[A-Z]+(\d+)\"")
ERROR = re.compile(rb"\bt=\"e\"")
TEXT_RESULT = re.compile(rb"\bt=\"str\"")  # a formula whose result is the empty text
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")


def read_xlsx(raw: io.BufferedIOBase, request: Request, tally: Tally) -> Iterator[pa.RecordBatch]:
    """One batch a sheet of the wanted columns as text plus `_line` (the sheet's row number).

    Raises Refusal when the archive is damaged or too large, a sheet is absent or a column is missing.
    """
    content = raw.read()
    refuse_ole(content, "xlsx")
    archive = _tested(content)
    yield from sheet_rows(_sheets(content, archive, request.options, tally), request, tally)


def _tested(content: bytes) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
            raise Refusal("too_large", "Tệp bung ra quá lớn. Đề nghị chia tệp nhỏ hơn.")
        refuse_macros(archive.namelist())
        for entry in archive.infolist():
            _tested_part(archive, entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise Refusal("unreadable", "Tệp không phải XLSX nguyên vẹn (hỏng, cắt ngắn hoặc có mật khẩu). Đề nghị gửi lại.") from error
    if "xl/workbook.xml" not in archive.namelist():
        raise Refusal("unreadable", "Tệp XLSX bị hỏng. Đề nghị lưu lại và gửi lại tệp.")
    return archive


def _tested_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Read to its end, where the sum is compared; no part declares a document type: entities live there."""
    is_text, rest = entry.filename.endswith((".xml", ".rels")), b""
    with archive.open(entry) as part:
        while block := part.read(BLOCK):
            if is_text and (DOCTYPE.search(rest + block)):
                raise Refusal(
                    "unreadable", "Tệp XLSX có khai báo DOCTYPE bên trong, không được nhận. Đề nghị lưu lại bằng Excel và gửi lại."
                )
            rest = block[-16:]


def _sheets(content: bytes, archive: zipfile.ZipFile, options: dict, tally: Tally) -> list[Sheet]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = chosen_sheets(book.sheet_names, options, tally)
        cells = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names}
    except (CalamineError, IndexError, ValueError) as error:
        raise Refusal("unreadable", "Không đọc được trang tính. Đề nghị lưu lại tệp dạng XLSX và gửi lại.") from error
    return [_sheet(name, rows, archive.read(_sheet_path(archive, name))) for name, rows in cells.items()]


def _sheet(name: str, rows: list[list], xml: bytes) -> Sheet:
    """Filled rows counted from the sheet's XML by pattern, not by the reader; cells without a value named from it too, since
    the reader shows them as empty."""
    counted = sum(1 for row in ROW.finditer(xml) if FILLED.search(row.group()))
    broken = _broken_rows(xml)
    rows += [[""] * len(rows[0] if rows else "#") for _ in range(len(rows), max(broken, default=0))]
    for number in broken:
        rows[number - 1] = ["#" if cell == "" else cell for cell in rows[number - 1]]
    return Sheet(name, rows, counted + _only_uncomputed(xml, broken), broken)


def _broken_rows(xml: bytes) -> set[int]:
    if not (ERROR.search(xml) or FORMULA.search(xml)):
        return set()
    return {_row_number(cell) for cell in CELL.finditer(xml) if ERROR.search(cell.group(1)) or _never_computed(cell)}


def _row_number(cell: re.Match[bytes]) -> int:
    return int(PLACE.findall(cell.group(1))[0])  # CELL asks for the place


def _never_computed(cell: re.Match[bytes]) -> bool:
    body = cell.group(2) or b""
    return FORMULA.search(body) is not None and TEXT_RESULT.search(cell.group(1)) is None and FILLED.search(body) is None


def _only_uncomputed(xml: bytes, broken: set[int]) -> int:
    """Rows that only hold formulas without a value: the pattern for filled rows does not see them."""
    rows = (row.group() for row in ROW.finditer(xml))
    return sum(1 for row in rows if not FILLED.search(row) and any(_row_number(cell) in broken for cell in CELL.finditer(row)))


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

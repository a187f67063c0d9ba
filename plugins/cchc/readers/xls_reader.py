"""XLS, the binary workbook from before 2007: values by xlrd, which knows dates and errors; rows counted again by calamine."""

import io
from collections.abc import Iterator

import pyarrow as pa
import xlrd
from python_calamine import CalamineError, CalamineWorkbook

from cchc.readers.office import LOCKED, refuse_ole
from cchc.readers.request import Refusal, Request, Tally
from cchc.readers.sheet import Sheet, chosen_sheets, is_filled, sheet_rows

UNREADABLE = "Tệp không phải XLS nguyên vẹn (hỏng, cắt ngắn hoặc có mật khẩu). Đề nghị gửi lại."


def read_xls(raw: io.BufferedIOBase, request: Request, tally: Tally) -> Iterator[pa.RecordBatch]:
    """One batch a sheet of the wanted columns as text plus `_line`.

    Raises Refusal when the workbook is damaged or locked, a sheet is absent or a column is missing.
    """
    content = raw.read()
    refuse_ole(content, "xls")
    try:
        book = xlrd.open_workbook(file_contents=content, on_demand=True, logfile=io.StringIO())
        again = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [_sheet(book, again, name) for name in chosen_sheets(book.sheet_names(), request.options, tally)]
    except Refusal:
        raise
    except xlrd.XLRDError as error:
        raise Refusal("locked", LOCKED) if "encrypted" in str(error) else Refusal("unreadable", UNREADABLE) from error
    except (CalamineError, AssertionError, LookupError, ValueError, OverflowError, TypeError, EOFError, OSError) as error:
        raise Refusal("unreadable", UNREADABLE) from error
    yield from sheet_rows(sheets, request, tally)


def _sheet(book: xlrd.Book, again: CalamineWorkbook, name: str) -> Sheet:
    sheet = book.sheet_by_name(name)
    rows = [[_value(cell, book.datemode) for cell in sheet.row(number)] for number in range(sheet.nrows)]
    broken = {number + 1 for number in range(sheet.nrows) if any(cell.ctype == xlrd.XL_CELL_ERROR for cell in sheet.row(number))}
    counted = sum(map(is_filled, again.get_sheet_by_name(name).to_python(skip_empty_area=False)))
    return Sheet(name, rows, counted + _only_errors(rows, broken), broken)


def _only_errors(rows: list[list], broken: set[int]) -> int:
    """Rows of nothing but errors: calamine shows such cells as empty."""
    return sum(1 for number in broken if all(cell in ("", "#") for cell in rows[number - 1]))


def _value(cell: xlrd.sheet.Cell, datemode: int) -> object:
    match cell.ctype:
        case xlrd.XL_CELL_DATE:
            return xlrd.xldate_as_datetime(cell.value, datemode) if cell.value >= 1 else cell.value
        case xlrd.XL_CELL_BOOLEAN:
            return bool(cell.value)
        case xlrd.XL_CELL_ERROR:
            return "#"
        case _:
            return cell.value

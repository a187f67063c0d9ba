"""The report as a workbook: one sheet an annex, a flat list of all figures, the notes. Text stays text."""

import io
import re
from datetime import UTC
from decimal import Decimal
from textwrap import wrap
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cchc.reports.document import Annex, Cell, Column, Figure, Report, Table, decimal_text
from cchc.reports.heads import placed
from cchc.reports.sealed import sealed
from cchc.reports.vietnamese import roman, round_half_up

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
HEIGHT = 15  # points of a line
TABLE = 10.5  # points for which columns are as wide as they are
EXACT_DIGITS = 15  # a cell's number is a double: longer ones are written as text
LIST = (
    ("Mã số liệu", 52), ("Chỉ tiêu", 52), ("Đơn vị tính", 14), ("Số liệu", 16), ("Tử số", 14), ("Mẫu số", 14),
    ("Giá trị chưa làm tròn", 26), ("Chữ in", 16), ("Trạng thái", 11), ("Mã đơn vị", 13), ("Kỳ", 11), ("Phân tổ", 40),
    ("Mã chỉ tiêu", 26), ("Phiên bản", 10), ("Bản chốt", 26),
)  # fmt: skip
LIST_SHEET = "Số liệu"


def to_xlsx(report: Report, ribbon: str) -> bytes:
    """XLSX bytes: the same report and ribbon give the same bytes. Numbers are the printed, rounded ones."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    book.set_properties({
        "title": f"Báo cáo {' '.join(report.head.subject)}",
        "author": " ".join(report.head.body),
        "subject": report.source.release_id,
        "created": report.source.as_of.astimezone(UTC).replace(tzinfo=None, microsecond=0),
    })  # fmt: skip
    formats = Formats(book)
    figures = {figure.figure: figure for figure in report.figures}
    for place, annex in enumerate(report.annexes, 1):
        _annex(book.add_worksheet(f"Phụ lục {roman(place)}"), annex, report, ribbon, formats, figures)
    for sheet in report.sheets:
        _annex(book.add_worksheet(sheet.title), sheet, report, ribbon, formats, figures)
    _list(book.add_worksheet(LIST_SHEET), report, formats)
    book.close()
    return sealed(out.getvalue())


class Formats:
    """The workbook's cell formats, each made once."""

    def __init__(self, book: xlsxwriter.Workbook):
        self._book = book
        self._made: dict[tuple, Format] = {}

    def get(self, **look: Any) -> Format:
        """The format with this look, in the document's font."""
        key = tuple(sorted(look.items()))
        if key not in self._made:
            base = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
            self._made[key] = self._book.add_format(base | look)
        return self._made[key]


def number_format(figure: Figure) -> str:
    """Excel shows its own point and comma by the reader's language; in Vietnam 7.209 and 98,33 %."""
    places = "." + "0" * figure.decimals if figure.decimals else ""
    return f"0{places}\\ %" if figure.kind == "ratio" else f"#,##0{places}"


def printed_number(figure: Figure) -> Decimal | None:
    """The number as printed (a ratio as a share); None where a text is printed."""
    if figure.value is None or figure.kind == "yes_no":
        return None
    rounded = round_half_up(figure.value, figure.decimals + (2 if figure.kind == "ratio" else 0))
    return rounded if len(rounded.as_tuple().digits) <= EXACT_DIGITS else None


def _annex(sheet: Worksheet, annex: Annex, report: Report, ribbon: str, formats: Formats, figures: dict[str, Figure]) -> None:
    title = formats.get(bold=True, font_size=13)
    row = 0
    for line in filter(None, (ribbon, annex.title.upper(), report.head.attached, *annex.before)):
        sheet.write_string(row, 0, line, title if line == annex.title.upper() else formats.get())
        row += 1
    if annex.table is None:
        sheet.set_column(0, 0, 120)
        for line in annex.after:
            sheet.write_string(row, 0, line, formats.get(text_wrap=True))
            row += 1
        return
    row = _titles(sheet, row, annex.table, formats)
    for printed in annex.table.rows:
        for place, cell in enumerate(printed.cells):
            column = annex.table.columns[place]
            bold = {"bold": True} if printed.style else {}
            _cell(sheet, row, place, cell, column, formats, figures.get(cell.figure), bold)
        row += 1
    for line in annex.after:
        sheet.write_string(row, 0, line, formats.get(italic=True))
        row += 1


def _titles(sheet: Worksheet, row: int, table: Table, formats: Formats) -> int:
    """The head and the line of the columns' numbers; returns the row below them."""
    head = formats.get(bold=True, border=1, text_wrap=True, align="center", valign="vcenter")
    small = formats.get(italic=True, border=1, align="center")
    last = row + (len(table.heads) or 1)
    widths = [column.width / 1.9 * TABLE / (table.size or TABLE) for column in table.columns]  # a sheet's letters are of one size
    _heads(sheet, row, table, widths, head)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, widths[place])
        if not table.heads:
            sheet.write_string(row, place, column.title, head)
        sheet.write_string(last, place, f"({place + 1})", small)
    sheet.freeze_panes(last + 1, 0)
    sheet.repeat_rows(row, last)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    return last + 1


def _heads(sheet: Worksheet, row: int, table: Table, widths: list[float], look: Format) -> None:
    for place, line in enumerate(placed(table.heads), row):
        column, lines = 0, 1
        for head, starts in line:
            if starts and (head.rows, head.columns) != (1, 1):
                sheet.merge_range(place, column, place + head.rows - 1, column + head.columns - 1, head.text, look)
            elif starts:
                sheet.write_string(place, column, head.text, look)
            if head.rows == 1:  # beside merged cells no program finds a line's height by itself
                lines = max(lines, len(wrap(head.text, int(0.9 * sum(widths[column : column + head.columns])))))
            column += head.columns
        sheet.set_row(place, HEIGHT * lines)


def _cell(sheet: Worksheet, row: int, place: int, cell: Cell, column: Column, formats: Formats, figure: Figure | None,
          bold: dict[str, bool]) -> None:  # fmt: skip
    look = {"border": 1, "text_wrap": True, "align": column.align} | bold
    number = printed_number(figure) if figure and cell.part == "value" else None
    if figure is None or number is None:
        sheet.write_string(row, place, cell.text, formats.get(**look))
    else:
        sheet.write_number(row, place, float(number), formats.get(num_format=number_format(figure), **look))


def _list(sheet: Worksheet, report: Report, formats: Formats) -> None:
    """Every printed figure in one flat table, to filter and to reckon with."""
    head = formats.get(bold=True, border=1, text_wrap=True, align="center")
    for place, (title, width) in enumerate(LIST):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, title, head)
    for row, figure in enumerate(report.figures, 1):
        _list_row(sheet, row, figure, report.source.release_id, formats)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(report.figures), len(LIST) - 1)


def _list_row(sheet: Worksheet, row: int, figure: Figure, release_id: str, formats: Formats) -> None:
    exact = "" if figure.value is None else decimal_text(figure.value)
    texts = {
        0: figure.figure, 1: figure.title_vi, 2: figure.unit_vi, 6: exact, 7: figure.printed, 8: figure.status,
        9: figure.unit, 10: figure.period, 11: figure.dim, 12: figure.measure, 13: str(figure.version), 14: release_id,
    }  # fmt: skip
    for place, text in texts.items():
        sheet.write_string(row, place, text, formats.get())
    number = printed_number(figure)
    if number is None:
        sheet.write_string(row, 3, figure.printed, formats.get(align="right"))
    else:
        sheet.write_number(row, 3, float(number), formats.get(num_format=number_format(figure)))
    for place, part in ((4, figure.numerator), (5, figure.denominator)):
        if part is not None:
            _part(sheet, row, place, part, formats)


def _part(sheet: Worksheet, row: int, place: int, part: Decimal, formats: Formats) -> None:
    text = decimal_text(part)
    places = len(text.partition(".")[2])
    if len(re.sub(r"\D", "", text)) > EXACT_DIGITS:
        sheet.write_string(row, place, text, formats.get(align="right"))
    else:
        sheet.write_number(row, place, float(part), formats.get(num_format="#,##0" + ("." + "0" * places if places else "")))

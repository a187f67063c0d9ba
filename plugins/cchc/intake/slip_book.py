"""A return slip as a workbook: the same slip gives the same bytes; a string never becomes a formula (decision 22)."""

import io
from datetime import UTC

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cchc.intake.slip import Slip

OPTIONS = {"in_memory": True, "constant_memory": False, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
LEAD = (("Dòng", 8), ("Cột", 24), ("Nội dung cần sửa", 60), ("Tình trạng", 24))
HOW = (
    "Đề nghị sửa các dòng nêu tại trang 'Dòng cần sửa' trong tệp gốc của đơn vị, giữ nguyên các dòng đã đúng.",
    "Trước khi gửi, có thể kiểm tra tệp bằng lệnh: cchc source check --file <tệp>.",
    "Đề nghị gửi lại cả tệp đã sửa vào nơi nhận cũ, với tên tệp mới; dòng gửi lại thay cho dòng cũ, không tính hai lần.",
)


class Sheets:
    """A workbook whose every cell is written as text; texts that a spreadsheet could take for a formula are quoted."""

    def __init__(self, created: object):
        self._out = io.BytesIO()
        self.book = xlsxwriter.Workbook(self._out, OPTIONS)
        self.book.set_properties({"created": created})
        self._formats: dict[tuple, Format] = {}

    def look(self, **more: object) -> Format:
        """The format with these properties, made once."""
        key = tuple(sorted(more.items()))
        if key not in self._formats:
            base = {"font_name": "Times New Roman", "font_size": 12, "valign": "top", "text_wrap": True}
            self._formats[key] = self.book.add_format(base | more)
        return self._formats[key]

    def write(self, sheet: Worksheet, row: int, column: int, text: str, **look: object) -> None:
        """Write `text` as text."""
        quoted = {"quote_prefix": True} if text.startswith(FORMULA_STARTS) else {}
        sheet.write_string(row, column, text, self.look(**look, **quoted))

    def bytes(self) -> bytes:
        """Close the workbook and give its bytes."""
        self.book.close()
        return self._out.getvalue()


def slip_bytes(slip: Slip) -> bytes:
    """The workbook of a slip: a letter, and the rows where there are any."""
    sheets = Sheets(slip.arrived_at.astimezone(UTC).replace(tzinfo=None, microsecond=0))
    _letter(sheets, slip)
    if slip.rows:
        _rows(sheets, slip)
    return sheets.bytes()


def _letter(sheets: Sheets, slip: Slip) -> None:
    sheet = sheets.book.add_worksheet("Phiếu trả lại")
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    sheets.write(sheet, 0, 0, "PHIẾU TRẢ LẠI DỮ LIỆU", bold=True, font_size=14, text_wrap=False)
    lines = [
        ("Kính gửi", slip.sender_name), ("Loại dữ liệu", slip.title), ("Lần gửi số", str(slip.delivery_id)), ("Tệp", slip.file),
        ("Thời điểm nhận", f"{slip.arrived_at:%H:%M ngày %d/%m/%Y}"), ("Kết quả kiểm tra", slip.verdict),
        ("Thời hạn gửi lại", f"Hết ngày {slip.deadline:%d/%m/%Y}" if slip.deadline else "Trong thời gian sớm nhất"),
        *[("Cách gửi lại" if place == 0 else "", words) for place, words in enumerate(HOW)], ("Đầu mối hỗ trợ", slip.contact),
    ]  # fmt: skip
    for row, (name, words) in enumerate(lines, 2):
        sheets.write(sheet, row, 0, name, bold=True)
        sheets.write(sheet, row, 1, words)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _rows(sheets: Sheets, slip: Slip) -> None:
    sheet = sheets.book.add_worksheet("Dòng cần sửa")
    for place, (title, width) in enumerate([*LEAD, *((header, 20) for header in slip.headers.values())]):
        sheet.set_column(place, place, width)
        sheets.write(sheet, 0, place, title, bold=True, border=1, align="center")
    for number, row in enumerate(slip.rows, 1):
        texts = [str(row.line), row.header, row.reason, row.state, *(row.cells.get(name, "") for name in slip.headers)]
        for place, text in enumerate(texts):
            sheets.write(sheet, number, place, text, border=1)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(slip.rows), len(LEAD) + len(slip.headers) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)

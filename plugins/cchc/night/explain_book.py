"""The rows behind a figure as a workbook: every cell as the text it is, never a formula (decision 22)."""

from datetime import UTC

from cchc.intake.slip_book import Sheets
from cchc.measures.docs import measure_text
from cchc.night.explain import Explained

LEAD = ("Đơn vị", "Bảng", "Lần gửi", "Dòng", "Tử số", "Mẫu số", "Không tính vì")


def explain_bytes(told: Explained) -> bytes:
    """Two sheets: the figure with its definition, and the rows with their own columns."""
    sheets = Sheets(told.as_of.astimezone(UTC).replace(tzinfo=None, microsecond=0))
    about = sheets.book.add_worksheet("Số liệu")
    about.set_column(0, 0, 120)
    figure, top, of, value = (told.figure[name] for name in ("figure", "numerator", "denominator", "value"))
    note = [f"{told.release}: {told.note_vi}"] if told.note_vi else []
    counted = [f"{name}: {words}" for name, words in told.about.items()] or measure_text(told.measure).splitlines()
    lines = [figure, f"{top} / {of} = {value}" if of is not None else f"{value}", *note, *counted]
    for place, line in enumerate(lines):
        sheets.write(about, place, 0, line)
    _rows(sheets, told)
    return sheets.bytes()


def _rows(sheets: Sheets, told: Explained) -> None:
    sheet = sheets.book.add_worksheet("Dòng")
    names = list(dict.fromkeys(name for row in told.rows for name in row["row"] if not name.startswith("_")))
    for place, title in enumerate([*LEAD, *names]):
        sheets.write(sheet, 0, place, title, bold=True)
    for number, row in enumerate(told.rows, 1):
        lead = [row[name] for name in ("agency_code", "fact", "delivery", "line", "numerator", "denominator", "left_out")]
        for place, value in enumerate([*lead, *(row["row"].get(name) for name in names)]):
            sheets.write(sheet, number, place, "" if value is None else str(value))
    sheet.freeze_panes(1, 0)

"""The ledger's annex: what differs from our own figures or from a table's own sums, by how much, and what the agency says."""

import re
from collections import Counter
from decimal import Decimal

from cchc.reports.document import Annex, Cell, Column, Figure, Row, Table
from cchc.reports.figures import GUARDED, KEPT_BACK, Figures
from cchc.reports.ledger import VERDICT, difference_words, is_shown, printed, tolerance_words
from cchc.reports.rows import ReconciliationRow
from cchc.reports.tree_words import made_then
from cchc.reports.units import below
from cchc.reports.vietnamese import NOT_COLLECTED, day

COLUMNS = (
    Column("STT", 10),
    Column("Nội dung đối chiếu", 42, "left"),
    Column("Số liệu của hệ thống", 20, "right"),
    Column("Mã số liệu, cách tính", 55, "left"),
    Column("Số liệu đối chiếu", 20, "right"),
    Column("Nguồn đối chiếu", 43, "left"),
    Column("Chênh lệch (cho phép)", 19),
    Column("Kết quả", 18),
    Column("Giải trình của đơn vị", 20, "left"),
)
SHEET = "Đối chiếu theo đơn vị"
CLOSE = Decimal("0.000000001")  # a value that went through another division
PART = re.compile(r"(\w+)\.(numerator|denominator)\b")  # a measure's, where its figure does not exist
PART_VI = {"numerator": "tử số", "denominator": "mẫu số"}


def reconciliation_annex(figures: Figures, unit: str) -> Annex | None:
    """The lines that do not agree to the digit, of the unit and of those below it; the others are counted. None without a ledger."""
    rows = _ledger(figures, unit)
    if not rows:
        return None
    lines: list[Row] = []
    for code in dict.fromkeys(row.agency_code for row in rows):
        told = [row for row in rows if row.agency_code == code and is_shown(row)]
        if told:
            lines.append(Row(_padded("", f"{figures.release.notes.units[code].name_vi} ({code})"), "group"))
        lines += [Row((Cell(str(place)), *_cells(figures, row))) for place, row in enumerate(told, 1)]
    table = Table(COLUMNS, tuple(lines)) if lines else None
    return Annex("Đối chiếu số liệu", table, made_then(figures.release), (_counted(rows),))


def ledger_sheet(figures: Figures, unit: str) -> Annex | None:
    """Every line of the ledger, with those that agree: too long to print, so it stands in the workbook and the JSON."""
    units = figures.release.notes.units
    rows = [Row((Cell(units[row.agency_code].name_vi), Cell(row.agency_code), *_cells(figures, row))) for row in _ledger(figures, unit)]
    columns = (Column("Cơ quan, đơn vị", 62, "left"), Column("Mã đơn vị", 25), *COLUMNS[1:])
    return Annex(SHEET, Table(columns, tuple(rows)), made_then(figures.release)) if rows else None


def _ledger(figures: Figures, unit: str) -> list[ReconciliationRow]:
    """The period's lines of the unit, then of those below it, in official order."""
    asked = [unit, *below(figures.release, unit)]
    rows = [row for row in figures.release.reconciliation if row.period_code == figures.release.period and row.agency_code in asked]
    return sorted(rows, key=lambda row: asked.index(row.agency_code))  # stable: the release's order below


def _counted(rows: list[ReconciliationRow]) -> str:
    count = Counter(row.verdict for row in rows)
    said = "; ".join(f"{words.lower()}: {count[verdict]}" for verdict, words in VERDICT.items() if count[verdict])
    return f"Số phép đối chiếu trong kỳ: {len(rows)} ({said}). Chênh lệch trong mức cho phép được tính là khớp."


def _cells(figures: Figures, row: ReconciliationRow) -> tuple[Cell, ...]:
    said = f" ({row.explained_by}, {day(row.explained_on)})" if row.explained_on else ""
    words = f"{row.compared_vi} [{row.about}]" if row.about else row.compared_vi
    return (Cell(words), *_numbers(figures, row), Cell(VERDICT[row.verdict]), Cell((row.explanation or "") + said))


def _numbers(figures: Figures, row: ReconciliationRow) -> tuple[Cell, ...]:
    """Own, its source, other, its source, difference. A value that is a figure's own is printed as that figure."""
    behind = [figure for name in row.own_source.split("; ") if (figure := figures.by_id(name))]
    if any(figure.status == KEPT_BACK for figure in behind):  # what it is compared with would give it away
        return (Cell(GUARDED), Cell(_source_words(row)), Cell(GUARDED), Cell(row.other_source), Cell(GUARDED))
    if len(behind) == 1 and _is_its_value(behind[0], row):
        figures.keep(behind[0])
        own = (Cell(behind[0].printed, behind[0].figure), Cell(behind[0].figure))
    else:
        own = (Cell(printed(row, row.own_value)), Cell(_source_words(row)))
    return (*own, Cell(printed(row, row.other_value)), Cell(row.other_source),
            Cell(f"{difference_words(row)} ({tolerance_words(row)})" if row.difference is not None else NOT_COLLECTED))  # fmt: skip


def _source_words(row: ReconciliationRow) -> str:
    """Our side's figures; of more than three the first, and how many there are (a district's with its communes')."""
    source = PART.sub(lambda found: f"{PART_VI[found[2]]} của {found[1]}", row.own_source)
    first, *others = source.split("; ")
    return f"Theo {first} và {len(others)} số liệu khác" if len(others) > 2 else f"Theo {source}"


def _is_its_value(figure: Figure, row: ReconciliationRow) -> bool:
    if figure.figure != row.own_source or figure.value is None or row.own_value is None or figure.kind == "yes_no":
        return False
    return abs(figure.value * (100 if figure.kind == "ratio" else 1) - row.own_value) < CLOSE


def _padded(*texts: str) -> tuple[Cell, ...]:
    return tuple(Cell(text) for text in (*texts, *[""] * (len(COLUMNS) - len(texts))))

"""The compliance annex: each duty of the directives, its clause, target, result and status."""

from cchc.reports.document import Annex, Cell, Column, Row, Table
from cchc.reports.figures import Figures
from cchc.reports.obligations import STATUS, SharedDuty, compliance_of, figure_of, full_words, shared_duties, target_words
from cchc.reports.rows import ComplianceRow
from cchc.reports.tree_words import made_then
from cchc.reports.units import below
from cchc.reports.vietnamese import NOT_COLLECTED

COLUMNS = (
    Column("STT", 11),
    Column("Văn bản, điều khoản", 34, "left"),
    Column("Nhiệm vụ", 66, "left"),
    Column("Mục tiêu", 26),
    Column("Đánh giá", 23),
    Column("Kết quả", 22, "right"),
    Column("Mã số liệu", 65, "left"),
)
SHEET = "Nhiệm vụ theo đơn vị"


def compliance_annex(figures: Figures, unit: str) -> Annex | None:
    """The unit's own duties in clause order, then how its agencies stand on theirs; None when there are none."""
    own = [Row((Cell(str(place)), *_cells(figures, row))) for place, row in enumerate(compliance_of(figures, unit), 1)]
    theirs = [_counted(figures, duty, place) for place, duty in enumerate(shared_duties(figures, unit), 1)]
    rows = [*_titled("Nhiệm vụ của đơn vị báo cáo", own), *_titled("Nhiệm vụ của các cơ quan, đơn vị (số đơn vị theo đánh giá)", theirs)]
    if not rows:
        return None
    named = sorted({row.directive for row in figures.release.compliance})
    titles = figures.release.notes.directives
    after = tuple(f"{code}: {titles[code].title_vi}." for code in named if code in titles)
    return Annex("Kết quả thực hiện nhiệm vụ theo văn bản chỉ đạo", Table(COLUMNS, tuple(rows)), made_then(figures.release), after)


def agencies_sheet(figures: Figures, unit: str) -> Annex | None:
    """Every agency's every duty: too long to print, so it stands in the workbook and the JSON."""
    rows = [
        Row((Cell(figures.release.notes.units[code].name_vi), Cell(code), *_cells(figures, row)))
        for code in below(figures.release, unit)
        for row in compliance_of(figures, code)
    ]
    columns = (Column("Cơ quan, đơn vị", 62, "left"), Column("Mã đơn vị", 25), *COLUMNS[1:])
    return Annex(SHEET, Table(columns, tuple(rows)), made_then(figures.release)) if rows else None


def _cells(figures: Figures, row: ComplianceRow) -> tuple[Cell, ...]:
    figure = figure_of(figures, row)
    return (
        Cell(f"{row.directive} {row.clause}"),
        Cell(full_words(figures, row)),
        Cell(target_words(row, figure)),
        Cell(STATUS[row.status]),
        Cell(figure.printed, figure.figure) if figure else Cell(NOT_COLLECTED),
        Cell(row.figure),
    )


def _counted(figures: Figures, duty: SharedDuty, place: int) -> Row:
    """How many agencies stand where; each agency's own line is in the workbook and in its own report."""
    first = duty.rows[0]
    target = target_words(first, figures.by_id(first.figure))
    texts = (str(place), f"{first.directive} {first.clause}", duty.words, target, f"{len(duty.rows)} đơn vị", "", duty.counted())
    return Row(tuple(Cell(text) for text in texts))


def _titled(title: str, rows: list[Row]) -> list[Row]:
    return [Row((Cell(""), Cell(title)), "group"), *rows] if rows else []

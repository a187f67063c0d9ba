"""The compliance annex: each duty of the directives, its clause, target, result and status."""

from collections import Counter

from cchc.reports.document import Annex, Cell, Column, Row, Table
from cchc.reports.figures import Figures
from cchc.reports.obligations import STATUS, compliance_of, duty_words, figure_of, natural, target_words
from cchc.reports.reading import ComplianceRow
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


def compliance_annex(figures: Figures, unit: str) -> Annex | None:
    """The unit's own duties in clause order, then how its agencies stand on theirs; None when there are none."""
    own = [_own(figures, row, place) for place, row in enumerate(compliance_of(figures, unit), 1)]
    theirs = _agencies(figures, unit)
    rows = ([Row(_wide("Nhiệm vụ của đơn vị báo cáo"), "group"), *own] if own else []) + theirs
    if not rows:
        return None
    named = sorted({row.directive for row in figures.release.compliance})
    titles = figures.release.notes.directives
    after = tuple(f"{code}: {titles[code].title_vi}." for code in named if code in titles)
    return Annex("Kết quả thực hiện nhiệm vụ theo văn bản chỉ đạo", Table(COLUMNS, tuple(rows)), after=after)


def _own(figures: Figures, row: ComplianceRow, place: int) -> Row:
    figure = figure_of(figures, row)
    first = _first(figures, row, place)
    shown = (Cell(figure.printed, figure.figure), Cell(figure.figure)) if figure else (Cell(NOT_COLLECTED), Cell(row.figure))
    return Row((*first, Cell(target_words(row, figure)), Cell(STATUS[row.status]), *shown))


def _agencies(figures: Figures, unit: str) -> list[Row]:
    """Per duty: how many agencies stand where. Each agency's own line is in its own report and in the workbook."""
    found: dict[tuple[str, str, str, str], list[ComplianceRow]] = {}
    for code in below(figures.release, unit):
        for row in compliance_of(figures, code):
            found.setdefault((row.directive, row.clause, row.obligation, row.measure), []).append(row)
    if not found:
        return []
    lines = sorted(found.items(), key=lambda item: (item[0][0], natural(item[0][1]), *item[0][2:]))
    rows = [_counted(figures, group, place) for place, (_, group) in enumerate(lines, 1)]
    return [Row(_wide("Nhiệm vụ của các cơ quan, đơn vị (số đơn vị theo đánh giá)"), "group"), *rows]


def _counted(figures: Figures, group: list[ComplianceRow], place: int) -> Row:
    counts = Counter(row.status for row in group)
    said = "; ".join(f"{STATUS[status].lower()}: {counts[status]}" for status in STATUS if counts[status])
    target = Cell(target_words(group[0], figures.by_id(group[0].figure)))
    return Row((*_first(figures, group[0], place), target, Cell(f"{len(group)} đơn vị"), Cell(""), Cell(said)))


def _first(figures: Figures, row: ComplianceRow, place: int) -> tuple[Cell, ...]:
    return (Cell(str(place)), Cell(f"{row.directive} {row.clause}"), Cell(duty_words(figures, row)))


def _wide(title: str) -> tuple[Cell, ...]:
    return (Cell(""), Cell(title))

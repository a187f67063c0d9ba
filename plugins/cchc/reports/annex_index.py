"""The index: ranking per block for a province, points per criterion for a unit."""

from collections.abc import Iterable
from typing import TypeVar

from cchc.errors import DataError
from cchc.reports.annex_agencies import grouped, legend
from cchc.reports.document import Annex, Cell, Column, Row, Table
from cchc.reports.figures import Figures, index_figures
from cchc.reports.notes import FrameworkNote
from cchc.reports.obligations import natural
from cchc.reports.rows import IndexCriterionRow, IndexUnitRow
from cchc.reports.tree_words import made_then
from cchc.reports.units import below, in_order, unit_of
from cchc.reports.vietnamese import NOT_COLLECTED, number, period_words

IndexRow = TypeVar("IndexRow", IndexUnitRow, IndexCriterionRow)
CONSTRUCTED = "Bộ tiêu chí tự xây dựng: nội dung và điểm của từng tiêu chí không phải là văn bản của cơ quan có thẩm quyền."
FORECAST = "Chỉ số dự báo: chưa có đủ kết quả thẩm định và điều tra xã hội học."
STAGES = {
    "not_started": "Chưa chấm",
    "measured": "Chấm từ số liệu",
    "self_assessed": "Đã tự chấm",
    "verified_1": "Thẩm định lần 1",
    "disputed": "Đang giải trình",
    "verified_2": "Thẩm định lần 2",
    "final": "Chính thức",
    "forecast": "Dự báo",
}


def index_annexes(figures: Figures, unit: str) -> list[Annex]:
    """One annex per criteria set with a score of `unit` or its agencies."""
    wanted = {unit, *below(figures.release, unit)}
    return [_ranking(figures, rows) for rows in _of_the_year(figures, figures.release.index_units, wanted)]


def criteria_annexes(figures: Figures, unit: str) -> list[Annex]:
    """For one agency: points of each criterion. A province's own report lists its agencies instead."""
    if unit_of(figures.release, unit).kind == "province":
        return []
    return [_criteria(figures, rows) for rows in _of_the_year(figures, figures.release.index_criteria, {unit})]


def _of_the_year(figures: Figures, rows: Iterable[IndexRow], units: set[str]) -> list[list[IndexRow]]:
    """Rows of `units` per (framework, version), each from one period: the longest, since an index is a year's (to date)."""
    sets: dict[tuple[str, int], dict[str, list[IndexRow]]] = {}
    for row in rows:
        if row.agency_code in units:
            sets.setdefault((row.framework, row.version), {}).setdefault(row.period_code, []).append(row)
    rank = figures.release.periods.index
    return [periods[max(periods, key=rank)] for _, periods in sorted(sets.items())]


def _ranking(figures: Figures, rows: list[IndexUnitRow]) -> Annex:
    by_code = {row.agency_code: row for row in rows}
    first = rows[0]
    place = f"@{first.version}:*:{first.period_code}:framework={first.framework}"
    columns = (
        Column("STT", 12),
        Column("Cơ quan, đơn vị", 80, "left"),
        Column("Mã đơn vị", 27),
        Column("Điểm/ điểm tối đa áp dụng", 37, "right", f"index_score{place}", "fraction"),
        Column("Chỉ số", 25, "right", f"index_score{place}"),
        Column("Xếp hạng trong khối", 22, "right", f"rank{place}"),
        Column("Xếp loại", 22),
        Column("Ghi chú", 22),
    )
    units = in_order(figures.release, list(by_code))
    lines = grouped(figures, units, lambda count, code: _rank_row(figures, by_code[code], count))
    table = Table(columns, tuple(lines), code_column=2)
    title = f"Chỉ số cải cách hành chính {period_words(first.period_code)}"
    forecast = any(row.is_forecast for row in rows)
    return Annex(title + (" (dự báo)" if forecast else ""), table, _about(figures, first, forecast), legend(table))


def _rank_row(figures: Figures, row: IndexUnitRow, count: int) -> Row:
    score, rank = map(figures.keep, index_figures(row))
    return Row(
        (
            Cell(str(count)),
            Cell(figures.release.notes.units[row.agency_code].name_vi),
            Cell(row.agency_code),
            Cell(score.printed_fraction, score.figure, "fraction"),
            Cell(score.printed, score.figure),
            Cell(rank.printed, rank.figure),
            Cell(row.grade_vi or NOT_COLLECTED),
            Cell("Dự báo" if row.is_forecast else "Chính thức"),
        )
    )


def _criteria(figures: Figures, rows: list[IndexCriterionRow]) -> Annex:
    columns = (
        Column("Mã", 14),
        Column("Tiêu chí", 77, "left"),
        Column("Điểm tối đa", 17, "right"),
        Column("Điểm tối đa áp dụng", 19, "right"),
        Column("Điểm", 17, "right"),
        Column("Tình trạng", 26),
        Column("Kết quả đo", 20, "right"),
        Column("Mã số liệu", 57, "left"),
    )
    lines = tuple(_criterion_row(figures, row) for row in sorted(rows, key=lambda row: natural(row.code)))
    title = f"Điểm theo tiêu chí {period_words(rows[0].period_code)}"
    return Annex(title, Table(columns, lines), _about(figures, rows[0], False))


def _criterion_row(figures: Figures, row: IndexCriterionRow) -> Row:
    figure = figures.by_id(row.figure) if row.figure else None
    if figure:
        figures.keep(figure)
    return Row(
        (
            Cell(row.code),
            Cell(row.title_vi),
            Cell(number(row.points_max, 2)),
            Cell(number(row.points_applicable, 2)),
            Cell(number(row.points, 2)),
            Cell(STAGES.get(row.stage, row.stage)),
            Cell(figure.printed if figure else NOT_COLLECTED, figure.figure if figure else ""),
            Cell(figure.figure if figure else ""),
        ),
        "total" if row.parent is None else "",
    )


def _about(figures: Figures, row: IndexUnitRow | IndexCriterionRow, forecast: bool) -> tuple[str, ...]:
    key = f"{row.framework}@{row.version}"
    note = figures.release.notes.frameworks.get(key)
    if note is None:
        raise DataError(f"release {figures.release.release_id}: the notes have no entry frameworks.{key}")
    return (f"Bộ chỉ số: {note.title_vi} ({key}).", *_labels(note, forecast), *made_then(figures.release))


def _labels(note: FrameworkNote, forecast: bool) -> list[str]:
    return ([CONSTRUCTED] if note.constructed else []) + ([FORECAST] if forecast else [])

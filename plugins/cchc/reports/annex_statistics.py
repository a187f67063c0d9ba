"""The statistics annex: STT | chỉ tiêu | đơn vị tính | số liệu | ghi chú (with the figure's id)."""

from collections.abc import Iterator

from cchc.reports.document import Annex, Cell, Column, Figure, Row, Table
from cchc.reports.figures import KEPT_BACK, MISSING, Figures, dim_words
from cchc.reports.outline import AnnexGroup, AnnexLine, Outline
from cchc.reports.tree_words import above_table
from cchc.reports.vietnamese import period_label

COLUMNS = (
    Column("STT", 15),
    Column("Chỉ tiêu", 88, "left"),
    Column("Đơn vị tính", 23),
    Column("Số liệu", 28, "right"),
    Column("Ghi chú (mã số liệu; tử số/mẫu số)", 93, "left"),
)
READING = (
    "Dấu “–”: chưa thu thập được số liệu. Số “0”: có thu thập, bằng không. “0/0”, “không có”: có thu thập, không có trường hợp nào để tính."
)


UNASKED = "Ngoài các chỉ tiêu trên, {count} chỉ tiêu chưa thu thập được số liệu trong kỳ."


def statistics_annex(outline: Outline, figures: Figures, unit: str) -> Annex:
    """The outline's groups of measures, then the others that were collected for `unit`; how many were left out is told."""
    rows: list[Row] = []
    groups, silent = _groups(outline, figures, unit)
    for place, group in enumerate(groups, 1):
        rows.append(Row(_cells(str(place), group.title), "group"))
        for count, line in enumerate(group.lines, 1):
            rows.extend(_lines(figures, line, unit, f"{place}.{count}"))
    told = (UNASKED.format(count=silent),) if silent else ()
    return Annex("Số liệu thống kê cải cách hành chính", Table(COLUMNS, tuple(rows)), above_table(figures.release), (READING, *told))


def _groups(outline: Outline, figures: Figures, unit: str) -> tuple[list[AnnexGroup], int]:
    """The groups with their lines to print, and how many measures are left out because they were not collected."""
    there = figures.measures_of(unit)
    named = {line.measure for group in outline.annex for line in group.lines}
    rest = tuple(AnnexLine(measure=measure, once_collected=True) for measure in there if measure not in named)
    asked = (*outline.annex, AnnexGroup(title="Chỉ tiêu khác", lines=rest))
    lines = [line for group in asked for line in group.lines if line.measure in there]
    silent = {line.measure for line in lines if line.once_collected and not _is_collected(figures, line.measure, unit)}
    groups = [group.model_copy(update={"lines": tuple(line for line in group.lines if line in lines and line.measure not in silent)})
              for group in asked]  # fmt: skip
    return [group for group in groups if group.lines], len(silent)


def _is_collected(figures: Figures, measure: str, unit: str) -> bool:
    """Whether the measure's total, or where it has none a breakdown by level, was collected."""
    found = [
        figures.get(measure, unit),
        *(figures.get(measure, unit, dim) for dim in figures.dims(measure, unit, AnnexLine(measure=measure).by)),
    ]
    return any(figure is not None and figure.status != MISSING for figure in found)


def _lines(figures: Figures, line: AnnexLine, unit: str, number: str) -> Iterator[Row]:
    """The measure's own line, then its breakdowns; one that has no total gets its title line without a figure."""
    total = figures.get(line.measure, unit)
    dims = figures.dims(line.measure, unit, line.by)
    if total:
        yield _row(figures, total, number, total.title_vi)
    elif dims:
        yield Row(_cells(number, figures.title(line.measure)))
    if total and total.status == MISSING:  # its parts would only say so again
        dims = [dim for dim in dims if (part := figures.get(line.measure, unit, dim)) and part.status != MISSING]
    for count, dim in enumerate(dims, 1):
        figure = figures.get(line.measure, unit, dim)
        if figure:
            words = dim_words(dim)
            yield _row(figures, figure, f"{number}.{count}", words[0].upper() + words[1:])


def _row(figures: Figures, figure: Figure, number: str, title: str) -> Row:
    figures.keep(figure)
    return Row(
        (
            Cell(number),
            Cell(title),
            Cell(figure.unit_vi),
            Cell(figure.printed, figure.figure),
            Cell(remark(figure, figures.release.period)),
        )
    )


def remark(figure: Figure, period: str) -> str:
    """`on_time_rate@1:H52:2013-Q4; 940/1.329`, and what a reader must know of the figure."""
    said = [figure.figure, figure.printed_fraction]
    if figure.status == MISSING:
        said.append("chưa thu thập")
    elif figure.status == KEPT_BACK:
        said.append("không in số dưới 5 người")
    elif figure.value is None:
        said.append("không phát sinh")
    if figure.status == "P":
        said.append("tính đến ngày chốt")
    if figure.status == "E":
        said.append("ước tính: đơn vị đã chia tách được tính cho đơn vị kế thừa nêu đầu tiên")
    if figure.period != period:
        said.append(f"số liệu {period_label(figure.period).lower()}")
    return "; ".join(filter(None, said))


def _cells(number: str, title: str) -> tuple[Cell, ...]:
    return (Cell(number), Cell(title), Cell(""), Cell(""), Cell(""))

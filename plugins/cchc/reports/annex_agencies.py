"""The annex per agency: dossiers and plan of every department and district (or of a district's communes)."""

from collections.abc import Callable
from dataclasses import replace

from cchc.reports.document import Annex, Cell, Column, Row, Table
from cchc.reports.figures import Figures
from cchc.reports.outline import Outline
from cchc.reports.units import below, group_title
from cchc.reports.vietnamese import NOT_COLLECTED

FIRST = (Column("STT", 12), Column("Cơ quan, đơn vị", 62, "left"), Column("Mã đơn vị", 25))
ROOM = 148  # mm left for the columns with figures, on a page on its side
PARTS = {"fraction": ", tử số/mẫu số"}


def agencies_annex(outline: Outline, figures: Figures, unit: str) -> Annex | None:
    """None for a unit with nobody below it, or when the release has none of the columns' measures for them."""
    units = below(figures.release, unit)
    columns = [(column, place) for column in outline.agencies if (place := figures.of_column(column.measure, units))]
    if not units or not columns:
        return None
    shown = tuple(
        Column(column.title, 0, "right", f"{column.measure}@{version}:*:{period}", column.part) for column, (version, period) in columns
    )
    rows = grouped(figures, units, lambda place, code: _row(figures, shown, place, code))
    table = Table(FIRST + _fitted(shown, rows), tuple(rows), code_column=2)
    return Annex("Kết quả của các cơ quan, đơn vị", table, after=legend(table))


def grouped(figures: Figures, units: list[str], make_row: Callable[[int, str], Row]) -> list[Row]:
    """Rows under a heading per kind of unit, counted anew under each."""
    rows: list[Row] = []
    kind, place = None, 0
    for code in units:
        own = figures.release.notes.units[code].kind
        if own != kind:
            kind, place = own, 0
            rows.append(Row((Cell(""), Cell(group_title(own))), "group"))
        place += 1
        rows.append(make_row(place, code))
    return rows


def legend(table: Table) -> tuple[str, ...]:
    """Which figures stand in which column: `Cột (4): on_time_rate@1:{mã}:2013-Q4`, where {mã} is the row's unit code."""
    return tuple(
        f"Cột ({place}): {column.figure.replace('*', '{mã}')}{PARTS.get(column.part, '')}"
        for place, column in enumerate(table.columns, 1)
        if column.figure
    )


def _row(figures: Figures, shown: tuple[Column, ...], place: int, code: str) -> Row:
    first = (Cell(str(place)), Cell(figures.release.notes.units[code].name_vi), Cell(code))
    return Row(first + tuple(_cell(figures, column, code) for column in shown))


def _cell(figures: Figures, column: Column, code: str) -> Cell:
    figure = figures.by_id(column.figure.replace("*", code))
    if figure is None:
        return Cell(NOT_COLLECTED)
    figures.keep(figure)
    text = figure.printed_fraction if column.part == "fraction" else figure.printed
    return Cell(text or NOT_COLLECTED, figure.figure, column.part)


def _fitted(columns: tuple[Column, ...], rows: list[Row]) -> tuple[Column, ...]:
    """Columns wide enough that no number is broken, what is left of the page shared among them."""
    longest = [max(len(row.cells[len(FIRST) + place].text) for row in rows if not row.style) for place in range(len(columns))]
    needed = [max(13, 4 + 2 * count) for count in longest]
    spare, rest = divmod(max(0, ROOM - sum(needed)), len(columns))
    return tuple(
        replace(column, width=width + spare + (place < rest)) for place, (column, width) in enumerate(zip(columns, needed, strict=True))
    )

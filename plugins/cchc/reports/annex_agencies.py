"""The annex per agency: dossiers and plan of every department and district (or of a district's communes)."""

from collections.abc import Callable
from dataclasses import replace

from cchc.reports.document import Annex, Cell, Column, Row, Table
from cchc.reports.figures import Figures
from cchc.reports.outline import Outline
from cchc.reports.tree import REST, REST_DIM, TODAY, Tree
from cchc.reports.tree_words import REST_VI, above_table
from cchc.reports.units import group_title, listed
from cchc.reports.vietnamese import NOT_COLLECTED

FIRST = (Column("STT", 12), Column("Cơ quan, đơn vị", 62, "left"), Column("Mã đơn vị", 25))
BY_TODAY = (FIRST[0], Column("Cơ quan, đơn vị", 51, "left"), Column("Mã đơn vị", 36))  # a code that ends on a breakdown is longer
ROOM = 148  # mm left for the columns with figures, on a page on its side
REST_GROUP = "Phần riêng của tỉnh"
ENDING = "Phần sau dấu “:” của mã đơn vị nối vào cuối mã số liệu; có số cột trong ngoặc thì chỉ nối ở các cột đó."
PARTS = {"fraction": ", tử số/mẫu số"}


def agencies_annex(outline: Outline, figures: Figures, unit: str) -> Annex | None:
    """None for a unit with nobody below it, or when the release has none of the columns' measures for them."""
    release = figures.release
    units = listed(release, unit)
    columns = [(column, place) for column in outline.agencies if (place := figures.of_column(column.measure, units))]
    if not units or not columns:
        return None
    shown = tuple(
        Column(column.title, 0, "right", f"{column.measure}@{version}:*:{period}", column.part) for column, (version, period) in columns
    )
    rows = grouped(figures, units, lambda place, code: _row(figures, shown, place, code))
    if rest := _rest(figures, shown, unit):
        rows += [Row((Cell(""), Cell(REST_GROUP)), "group"), rest]
    first = BY_TODAY if release.tree is Tree.TODAY else FIRST
    table = Table(first + _fitted(shown, rows), tuple(rows), code_column=2)
    by_codes = (ENDING,) if release.tree is Tree.TODAY else ()
    return Annex("Kết quả của các cơ quan, đơn vị", table, above_table(release), (*by_codes, *legend(table)))


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
    cells = tuple(_cell(figures, column, code) for column in shown)
    return Row((Cell(str(place)), Cell(figures.release.notes.units[code].name_vi), Cell(_ended(code, TODAY, cells)), *cells))


def _rest(figures: Figures, shown: tuple[Column, ...], unit: str) -> Row | None:
    """What the province has of units that ended and named no successor."""
    cells = tuple(_cell(figures, column, unit, REST) for column in shown)
    if not any(cell.figure for cell in cells):
        return None
    return Row((Cell("1"), Cell(REST_VI), Cell(f"{unit}:{REST_DIM}"), *cells))


def _ended(code: str, dim: str, cells: tuple[Cell, ...]) -> str:
    """A row's code with the breakdown that its figures' ids end on; where only some do, with those columns' numbers."""
    places = [place for place, cell in enumerate(cells, len(FIRST) + 1) if cell.figure.endswith(f":{dim}")]
    if not places:
        return code
    bare = [cell for cell in cells if cell.figure and not cell.figure.endswith(f":{dim}")]
    return f"{code}:{dim}" + "".join(f"({place})" for place in places if bare)


def _cell(figures: Figures, column: Column, code: str, dim: str = "") -> Cell:
    figure = figures.at(column.figure, code, dim)
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

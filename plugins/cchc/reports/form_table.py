"""A form's table: its lines, the figure behind each cell, columns that fit the page."""

import re
from decimal import Decimal
from itertools import product
from math import ceil

from cchc.clock import end_of_day
from cchc.reports.document import Cell, Column, Figure, Row, Table
from cchc.reports.figures import MISSING, Figures, dim_words
from cchc.reports.forms import Form
from cchc.reports.heads import heads_of
from cchc.reports.rows import DossierFormRow, ProcedureFormRow
from cchc.reports.tree import by_today
from cchc.reports.units import is_estimated
from cchc.reports.vietnamese import number

FormRow = DossierFormRow | ProcedureFormRow
PAGE, PLACE, NAME, FIGURE = 247, 10, 34, 13  # mm: between the margins of a page on its side; columns at least
SIZES = (10.5, 9.5, 8.5, 7.5)  # points: the largest with which the form fits the page; the first is the other annexes'
NUMBER, CODE = "STT", "Mã dòng"
NO_SECTOR = "Không rõ lĩnh vực"


def form_line(figures: Figures, form: Form, row: FormRow, place: str, name: str, *, total: bool = False) -> Row:
    """A row of the form; its last cell is the code that names, with the line under the table, each cell's figure."""
    made = [figures.keep(_figure(figures, form, row, column)) for column in form.numbers]
    code = f"{row.agency_code}:{row.dim}" if row.dim else row.agency_code
    return Row((Cell(place), Cell(name), *(Cell(one.printed, one.figure) for one in made), Cell(code)), "total" if total else "")


def form_legend(figures: Figures, form: Form) -> str:
    """`Cột (3)-(13): form_ii06a_c{cột}@1:{mã}:2013-Q4`: {cột} is the column, {mã} the row's code; what a code has behind
    its colon ends the figure's id.
    """
    first, last = form.numbers[0], form.numbers[-1]
    return f"Cột ({first})-({last}): form_{form.form}_c{{cột}}@{form.version}:{{mã}}:{figures.release.period}"


def form_table(form: Form, lines: tuple[Row, ...], name: str) -> Table:
    """The lines under the form's heads; `name` stands over column 2. What the numbers leave of the page is the names'."""
    codes = [row.cells[-1].text for row in lines]
    parts = [part for code in codes for part in re.split("[:,]", code)]  # a code may break behind its colon
    for size, texts in product(SIZES, (codes, parts)):
        widths = [max([FIGURE, *(_room(row.cells[column - 1].text, size) for row in lines)]) for column in form.numbers]
        code = max(_room(text, size) for text in texts)
        left = PAGE - PLACE - code - sum(widths)
        if left >= NAME:
            break
    shown = [Column(form.column_vi(column), width, "right") for column, width in zip(form.numbers, widths, strict=True)]
    columns = (Column(NUMBER, PLACE), Column(name, max(left, FIGURE), "left"), *shown, Column(CODE, code, "left"))
    heads = heads_of([(NUMBER,), (name,), *form.columns, (CODE,)])
    return Table(columns, lines, len(columns) - 1, heads, size if size < SIZES[0] else None)


def _figure(figures: Figures, form: Form, row: FormRow, column: int) -> Figure:
    release = figures.release
    value: int | None = getattr(row, f"c{column}")
    exact = None if value is None else Decimal(value)
    measure = f"form_{form.form}_c{column}"
    estimated = by_today(row.dim) and is_estimated(release, row.agency_code)
    running = release.as_of < end_of_day(release.notes.periods[release.period].ends_on)
    return Figure(
        figure=f"{measure}@{form.version}:{row.agency_code}:{release.period}" + (f":{row.dim}" if row.dim else ""),
        measure=measure, version=form.version, unit=row.agency_code, period=release.period, dim=row.dim,
        status=MISSING if value is None else "E" if estimated else "P" if running else "A",
        title_vi=", ".join(filter(None, [f"{form.name_vi}, cột {column}: {form.column_vi(column)}", _whose(row)])), kind="count",
        unit_vi=form.unit_vi, decimals=0, numerator=exact, denominator=None, value=exact, printed=number(exact), printed_fraction="",
    )  # fmt: skip


def _whose(row: FormRow) -> str:
    words = {item: dim_words(item) for item in row.dim.split(",") if item}
    told = f"lĩnh vực {row.sector_vi}" if row.sector_vi else NO_SECTOR.lower()
    return ", ".join(told if item.startswith("sector=") else said for item, said in words.items())


def _room(text: str, size: float) -> int:
    """Millimetres that a text needs in one line of a cell: its letters are half an em wide, its points a quarter."""
    points = text.count(".")
    return ceil(2.3 + (len(text) - points / 2) * 0.18 * size)

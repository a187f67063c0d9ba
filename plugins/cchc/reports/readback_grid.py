"""A printed table, and the two ways in which it names its figures (readback)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

ID = r"[a-z]\w*@\d+:[\w.]+:[\w-]+(?::\w+=[\w-]+(?:,\w+=[\w-]+)*)?"
FIRST_ID = re.compile(rf"({ID})(?:; (-?[\d.,]+/-?[\d.,]+))?(?:;|$)")
LEGEND = re.compile(r"Cột \((\d+)\)(?:-\((\d+)\))?: (\S+?)(, tử số/mẫu số)?$")
ONLY = r"(?:\(\d+\))*"  # the columns for which alone the part behind a code's ":" holds
UNIT, COLUMN = "{mã}", "{cột}"
UNIT_TITLE, LINE_TITLE = "Mã đơn vị", "Mã dòng"  # the column with the rows' codes: before the figures, or behind them

Printed = frozenset[tuple[str, str, str]]  # (figure's id, "value" or "fraction", printed text)


@dataclass(frozen=True)
class Grid:
    """A printed table: titles, rows of texts, and the lines under it."""

    titles: Sequence[str]
    rows: Sequence[Sequence[str]]
    after: Sequence[str]


def of_grid(grid: Grid) -> Iterator[tuple[str, str, str]]:
    """Figures of one table, in whichever of the two ways it names them."""
    legend = legend_of(grid.after)
    for row in grid.rows:
        for before, cell in pairwise(row):
            if found := FIRST_ID.match(cell):
                yield found[1], "value", before
                if found[2]:
                    yield found[1], "fraction", found[2]
        if legend and len(row) == len(grid.titles):
            code = row[next(place for place, title in enumerate(grid.titles) if title in {UNIT_TITLE, LINE_TITLE})]
            pairs = legend.items() if code else ()  # a workbook's lines under the table have none
            yield from ((named(figure, code, place), part, row[place - 1]) for place, (figure, part) in pairs)


def legend_of(lines: Iterable[str]) -> dict[int, tuple[str, str]]:
    """The lines under a table: column number → (figure with {mã}, part)."""
    return {
        place: (found[3].replace(COLUMN, str(place)), "fraction" if found[4] else "value")
        for line in lines
        if (found := LEGEND.match(line))
        for place in range(int(found[1]), int(found[2] or found[1]) + 1)
    }


def named(figure: str, code: str, place: int) -> str:
    """The id of a row's figure: `...:{mã}:2013-Q4` and `H52:level=commune` → `...:H52:2013-Q4:level=commune`; a code that names
    columns, `H52.501:tree=today(4)(5)`, ends the ids of those alone.
    """
    unit, mark, dim = code.partition(":")
    columns = re.findall(r"\((\d+)\)", dim)
    ended = mark + dim.partition("(")[0] if not columns or str(place) in columns else ""
    return figure.replace(UNIT, unit) + ended

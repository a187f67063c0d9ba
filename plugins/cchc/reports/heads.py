"""Heads of a table in several lines: which cells stand over which columns, and where they fall in the table's grid."""

from collections.abc import Iterator, Sequence

from cchc.reports.document import HeadCell


def heads_of(paths: Sequence[Sequence[str]]) -> tuple[tuple[HeadCell, ...], ...]:
    """Each column's words from the top down → the lines of the head; neighbours with the same beginning share a cell.

    A column with fewer words than the deepest has its last one over the remaining lines.
    """
    depth = max(map(len, paths))
    return tuple(tuple(_line(paths, place, depth)) for place in range(depth))


def placed(heads: Sequence[Sequence[HeadCell]]) -> list[list[tuple[HeadCell, bool]]]:
    """Each line's cells in full, left to right: those that start in it (True), and those that reach down from a line above."""
    if not heads:
        return []
    lines: list[list[tuple[HeadCell, bool]]] = []
    above: dict[int, tuple[HeadCell, int]] = {}  # first column → a cell that reaches further down, and for how many lines
    width = sum(head.columns for head in heads[0])
    for line in heads:
        fresh = iter(line)
        made: list[tuple[HeadCell, bool]] = []
        reaching: dict[int, tuple[HeadCell, int]] = {}
        column = 0
        while column < width:
            head, left = above[column] if column in above else ((own := next(fresh)), own.rows)
            made.append((head, column not in above))
            if left > 1:
                reaching[column] = (head, left - 1)
            column += head.columns
        above = reaching
        lines.append(made)
    return lines


def _line(paths: Sequence[Sequence[str]], place: int, depth: int) -> Iterator[HeadCell]:
    column = 0
    while column < len(paths):
        path = paths[column]
        if len(path) == place + 1:
            yield HeadCell(path[place], rows=depth - place)
        count = 1
        if len(path) > place + 1:
            while column + count < len(paths) and _shares(path, paths[column + count], place):
                count += 1
            yield HeadCell(path[place], columns=count)
        column += count


def _shares(one: Sequence[str], other: Sequence[str], place: int) -> bool:
    return len(other) > place + 1 and list(one[: place + 1]) == list(other[: place + 1])

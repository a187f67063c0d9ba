"""Small cells: of a guarded measure's breakdown no number of fewer than five people, and no share of them, is printed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from cchc.reports.notes import MeasureNote
from cchc.reports.rows import MeasureRow

SMALL = 5  # docs/glossary.md, small cell; ours: no directive says from which number on


def guarded_figures(rows: Iterable[MeasureRow], notes: Mapping[str, MeasureNote]) -> frozenset[str]:
    """The ids of the figures that are kept back: breakdowns of 1 to 4, and where only one of its siblings is so small the
    next larger one too, or the whole would give it away.
    """
    cells: dict[tuple[str, ...], list[MeasureRow]] = defaultdict(list)
    for row in rows:
        note = notes.get(f"{row.measure}@{row.version}")
        if row.dim and note and note.guarded and _people(row):
            cells[row.measure, str(row.version), row.agency_code, row.period_code, _keys(row.dim)].append(row)
    return frozenset(row.figure for siblings in cells.values() for row in _kept_back(siblings))


def _kept_back(siblings: list[MeasureRow]) -> list[MeasureRow]:
    ordered = sorted(siblings, key=lambda row: (_people(row), row.dim))
    small = sum(_people(row) < SMALL for row in ordered)
    return ordered[: 2 if small == 1 else small]


def _people(row: MeasureRow) -> Decimal:
    """How many a cell speaks of: of a share its denominator."""
    return (row.numerator if row.denominator is None else row.denominator) or Decimal(0)


def _keys(dim: str) -> str:
    """Which breakdown a cell belongs to: `kind=civil_servant,level=province` → `kind,level`."""
    return ",".join(item.partition("=")[0] for item in dim.split(","))

"""Which rows of a release a report by its tree shows."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from cchc.reports.reading import Release
from cchc.reports.rows import DossierFormRow, MeasureRow, ProcedureFormRow
from cchc.reports.tree import Tree, bare, by_today
from cchc.reports.units import merged_into, province_unit, stands

FormRow = TypeVar("FormRow", DossierFormRow, ProcedureFormRow)


def chosen(release: Release, rows: Iterable[MeasureRow]) -> Iterator[tuple[str, MeasureRow]]:
    """Rows of measures with the breakdown under which a report looks for them. Those of today's tree, asked for, take the place
    of their time's; where there is none and a unit that was merged has one, the measure does not add up, and has no figure.
    """
    if release.tree is Tree.THEN:
        yield from ((row.dim, row) for row in rows)
        return
    told = list(rows)
    keys = {_key(row, row.agency_code, row.dim) for row in told}
    today = {_key(row, row.agency_code, bare(row.dim)) for row in told if by_today(row.dim)}
    levels = {_key(row, row.agency_code, "") for row in told if by_today(row.dim) and "level=" in row.dim}
    merged, province = merged_into(release), province_unit(release)
    for row in told:
        unit = row.agency_code
        if not stands(release, unit):
            continue
        replaced = _key(row, unit, row.dim) in today or any(_key(row, other, row.dim) in keys for other in merged.get(unit, ()))
        replaced |= unit == province and "level=" in row.dim and _key(row, unit, "") in levels  # a level may be gone
        if by_today(row.dim) or not replaced:
            yield bare(row.dim), row


def form_rows(release: Release, rows: Iterable[FormRow]) -> list[FormRow]:
    """Rows of a form by the release's tree: by today's, a unit's and the province's breakdown by it, where it has any."""
    told = list(rows)
    if release.tree is Tree.THEN:
        return [row for row in told if not by_today(row.dim)]
    today, province = {row.agency_code for row in told if by_today(row.dim)}, province_unit(release)
    return [row for row in told if stands(release, row.agency_code) and (
        by_today(row.dim) or row.agency_code not in today or (row.agency_code == province and "level=" not in row.dim)
    )]  # fmt: skip


def _key(row: MeasureRow, unit: str, dim: str) -> tuple[str, int, str, str, str]:
    return (row.measure, row.version, row.period_code, unit, dim)

"""Reads one release, and nothing but schema `release`, as cchc_reader."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, TypeVar

import psycopg
from psycopg.rows import class_row, dict_row

from cchc.clock import ZONE
from cchc.errors import DataError
from cchc.reports.notes import Notes, PeriodNote, read_notes
from cchc.reports.rows import (
    ComplianceRow,
    CoverageRow,
    DossierFormRow,
    IndexCriterionRow,
    IndexUnitRow,
    MeasureRow,
    ProcedureFormRow,
    ReconciliationRow,
    UnitCoverageRow,
)
from cchc.reports.tree import Tree
from cchc.warehouse.connect import connect

Row = TypeVar("Row")
LEDGER_ORDER = "agency_code, period_code, check_id, book, about, line_code"


@dataclass(frozen=True)
class Release:
    """One release, cut down to the asked period (and those that hold it) and its province's units."""

    release_id: str
    province: str
    as_of: datetime
    provisional: bool
    reference_hash: str
    content_hash: str
    notes: Notes
    period: str
    periods: tuple[str, ...]  # the asked one first, then those it may borrow a figure from, shortest first
    measures: tuple[MeasureRow, ...]
    index_units: tuple[IndexUnitRow, ...]
    index_criteria: tuple[IndexCriterionRow, ...]
    compliance: tuple[ComplianceRow, ...]
    reconciliation: tuple[ReconciliationRow, ...]
    form_ii06a: tuple[DossierFormRow, ...]  # of the asked period alone
    form_ii07b: tuple[ProcedureFormRow, ...]
    coverage: tuple[CoverageRow, ...]
    unit_coverage: tuple[UnitCoverageRow, ...]
    tree: Tree = Tree.THEN  # by which its figures are looked at


def read_release(province: str, period: str, release_id: str | None = None, tree: Tree = Tree.THEN) -> Release:
    """The release `release_id` of `province`, or its newest, as seen from `period`, by a tree.

    Raises DataError when there is none, when it holds nothing of the period, when its notes are incomplete, or when it was
    frozen before notes told where units stand in today's tree and that is asked for.
    """
    with connect("cchc_reader") as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        head = _manifest(connection, province, release_id)
        notes = read_notes(head["release_id"], head.pop("notes"))
        if tree is Tree.TODAY:
            _knows_today(head["release_id"], notes)
        periods = _periods(head, notes, period)
        chosen: tuple[Any, ...] = (head["release_id"], list(periods))
        release = Release(
            **head,
            tree=tree,
            notes=notes,
            period=period,
            periods=periods,
            measures=_rows(connection, MeasureRow, "measure", chosen, "figure"),
            index_units=_rows(connection, IndexUnitRow, "index_unit", chosen, "framework, version, period_code, agency_code"),
            index_criteria=_rows(
                connection, IndexCriterionRow, "index_criterion", chosen, "framework, version, period_code, agency_code, code"
            ),
            compliance=_rows(connection, ComplianceRow, "compliance", chosen, "directive, obligation, measure, agency_code, period_code"),
            reconciliation=_rows(connection, ReconciliationRow, "reconciliation", chosen, LEDGER_ORDER),
            form_ii06a=_rows(connection, DossierFormRow, "form_ii06a", (head["release_id"], [period]), "agency_code, dim"),
            form_ii07b=_rows(connection, ProcedureFormRow, "form_ii07b", (head["release_id"], [period]), "agency_code, dim"),
            coverage=_rows(connection, CoverageRow, "coverage", (head["release_id"], None), "agency_code, source_id"),
            unit_coverage=_rows(connection, UnitCoverageRow, "unit_coverage", (head["release_id"], None), "feed, period_code, agency_code"),
        )
    if not any(row.period_code == period for row in release.measures):
        raise DataError(
            f"release {release.release_id} holds no figure of period {period}. Choose another period, or another release with --release"
        )
    return release


def _knows_today(release_id: str, notes: Notes) -> None:
    unknown = [code for code, unit in notes.units.items() if unit.today_how is None]
    if unknown:
        few = f"{unknown[0]} and {len(unknown) - 1} others" if len(unknown) > 1 else unknown[0]
        raise DataError(
            f"release {release_id} was frozen before releases told where units stand in today's tree (valid_to and successor of {few} "
            "are not in its notes). Print it by the tree of its time (--tree then), or freeze a new release: `cchc run nightly`"
        )


def read_ledger(province: str, release_id: str | None = None) -> tuple[str, tuple[ReconciliationRow, ...]]:
    """The release `release_id`, or the newest, and every line of its ledger. Raises DataError when there is none."""
    with connect("cchc_reader") as connection:
        chosen = _manifest(connection, province, release_id)["release_id"]
        return chosen, _rows(connection, ReconciliationRow, "reconciliation", (chosen, None), LEDGER_ORDER)


def _manifest(connection: psycopg.Connection, province: str, release_id: str | None) -> dict[str, Any]:
    """The manifest's row. Its newest = the latest as-of, then the latest made."""
    asked = "and release_id = %(release)s" if release_id else ""
    found = (
        connection.cursor(row_factory=dict_row)
        .execute(
            f"""select release_id, province, as_of, provisional, reference_hash, content_hash, notes
                from release.manifest where province = %(province)s {asked}
                order by as_of desc, created_at desc, release_id desc limit 1""",
            {"province": province, "release": release_id},
        )
        .fetchone()
    )
    if found is None:
        name = f"release {release_id}" if release_id else "a release"
        raise DataError(f"province {province} has no {name.removeprefix('a ')} in the warehouse. Make one: `cchc run nightly`")
    return found | {"as_of": found["as_of"].astimezone(ZONE)}


def _periods(head: dict[str, Any], notes: Notes, period: str) -> tuple[str, ...]:
    if period not in notes.periods:
        known = ", ".join(sorted(notes.periods)[-6:])
        raise DataError(f"period {period} is not in the calendar of release {head['release_id']} (it knows e.g. {known})")
    as_of: date = head["as_of"].date()
    asked = notes.periods[period]
    holding = [code for code, other in notes.periods.items() if code != period and _speaks_for(other, asked, as_of)]
    return (period, *sorted(holding, key=lambda code: (_days(notes.periods[code]), code)))


def _speaks_for(other: PeriodNote, asked: PeriodNote, as_of: date) -> bool:
    """A longer period may lend a figure (a yearly one, to date) when it ends with the asked one or still runs."""
    holds = other.starts_on <= asked.starts_on and other.ends_on >= asked.ends_on
    return holds and (other.ends_on == asked.ends_on or other.ends_on >= as_of)


def _days(period: PeriodNote) -> int:
    return (period.ends_on - period.starts_on).days


_Mart = Literal[
    "measure", "index_unit", "index_criterion", "compliance", "reconciliation", "form_ii06a", "form_ii07b", "coverage", "unit_coverage"
]


def _rows(connection: psycopg.Connection, kind: type[Row], mart: _Mart, chosen: Iterable[Any], order: str) -> tuple[Row, ...]:
    """Rows of a mart in the release's own partitions; `order` ends on the mart's key, so it never ties."""
    release_id, periods = chosen
    columns = ", ".join(f"m.{name}" for name in kind.__dataclass_fields__)  # type: ignore[attr-defined]
    cursor = connection.cursor(row_factory=class_row(kind))
    cursor.execute(
        f"""select {columns} from release.{mart} m
            join release.manifest_partition p on p.partition_id = m.partition_id and p.release_id = %(release)s
            where %(periods)s::text[] is null or m.period_code = any(%(periods)s::text[])
            order by {order}""",
        {"release": release_id, "periods": periods},
    )
    return tuple(cursor.fetchall())

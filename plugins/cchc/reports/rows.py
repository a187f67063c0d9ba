"""The rows of a release, one class a mart, as they are read."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class MeasureRow:
    """A row of release.measure."""

    agency_code: str
    period_code: str
    measure: str
    version: int
    dim: str
    figure: str
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    status: str


@dataclass(frozen=True)
class IndexUnitRow:
    """A row of release.index_unit."""

    agency_code: str
    period_code: str
    framework: str
    version: int
    block: str
    points: Decimal | None
    points_applicable: Decimal | None
    percent: Decimal | None
    rank: int | None
    grade_vi: str | None
    is_forecast: bool


@dataclass(frozen=True)
class IndexCriterionRow:
    """A row of release.index_criterion."""

    agency_code: str
    period_code: str
    framework: str
    version: int
    code: str
    parent: str | None
    title_vi: str
    points_max: Decimal
    points_applicable: Decimal
    points: Decimal | None
    figure: str | None
    value: Decimal | None
    stage: str


@dataclass(frozen=True)
class ComplianceRow:
    """A row of release.compliance."""

    agency_code: str
    period_code: str
    obligation: str
    directive: str
    clause: str
    measure: str
    target: Decimal | None
    target_kind: str
    figure: str
    value: Decimal | None
    status: str
    # what stands beside it; a release frozen before these were kept has none of them
    clause_rank: int | None = None
    direction: str | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    previous_value: Decimal | None = None  # of the same period a year before
    change: Decimal | None = None
    first_broken_on: date | None = None
    first_broken_by: str | None = None  # the kind of period that it is known from
    coverage: Decimal | None = None  # usable / expected deliveries of the measure's feeds


@dataclass(frozen=True)
class ReconciliationRow:
    """A row of release.reconciliation: one comparison of the ledger."""

    agency_code: str
    period_code: str
    check_id: str
    book: str
    about: str
    line_code: str
    compared_vi: str
    own_value: Decimal | None
    own_source: str  # figure ids, or the terms it was computed of
    other_value: Decimal | None
    other_source: str
    other_delivery: str | None  # SHA-256; in releases before migration 0015 the delivery's number
    other_line: int | None
    difference: Decimal | None  # own less other
    tolerance: Decimal
    verdict: str
    explanation: str | None
    explained_by: str | None
    explained_on: date | None


@dataclass(frozen=True)
class DossierFormRow:
    """A row of release.form_ii06a; columns by the form's numbers."""

    agency_code: str
    dim: str  # "" the unit, sector=... of a unit, level=... of the province
    sector_vi: str | None
    c3: int
    c4: int
    c5: int
    c6: int
    c7: int
    c8: int
    c9: int
    c10: int
    c11: int
    c12: int
    c13: int
    returned: int
    stopped: int
    no_due: int
    paused: int
    resumed: int


@dataclass(frozen=True)
class ProcedureFormRow:
    """A row of release.form_ii07b; 11 to 14 are None where no catalogue tells internal processes."""

    agency_code: str
    dim: str
    sector_vi: str | None
    c3: int
    c4: int
    c5: int
    c6: int
    c7: int
    c8: int
    c9: int
    c10: int
    c11: int | None
    c12: int | None
    c13: int | None
    c14: int | None


@dataclass(frozen=True)
class CoverageRow:
    """A row of release.coverage."""

    agency_code: str
    source_id: str
    feed: str
    required: bool
    state: str
    last_arrived_at: datetime | None


@dataclass(frozen=True)
class UnitCoverageRow:
    """A row of release.unit_coverage: what a unit owed for a period of a feed, and what came of it."""

    agency_code: str
    period_code: str
    feed: str
    expected: int
    arrived: int
    accepted: int
    usable: int
    on_time: int
    state: str
    due_on: date | None
    exception_kind: str | None
    exception_until: date | None
    exception_by: str | None
    exception_reason: str | None

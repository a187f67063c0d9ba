"""Compliance rows in words: duties with their clauses, targets and statuses."""

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from cchc.errors import DataError
from cchc.reports.document import Figure
from cchc.reports.figures import Figures
from cchc.reports.rows import ComplianceRow
from cchc.reports.units import below
from cchc.reports.vietnamese import number, percent

STATUS = {
    "met": "Đạt",
    "not_met": "Chưa đạt",
    "not_due": "Chưa đến hạn",
    "not_applicable": "Không áp dụng",
    "no_data": "Chưa có số liệu",
    "information": "Theo dõi",
}
TARGET = {
    "zero": "không có",
    "by_plan": "theo tiến độ kế hoạch",
    "trend": "tốt hơn kỳ trước",
    "done": "đã thực hiện",
    "information": "theo dõi",
}
TREND = {"rising": "cao hơn cùng kỳ năm trước", "falling": "thấp hơn cùng kỳ năm trước"}


@dataclass(frozen=True)
class Duty:
    """One obligation's measure for one unit, with every clause that asks for it."""

    row: ComplianceRow
    duty_vi: str
    figure: Figure | None
    clauses: tuple[tuple[str, str], ...]

    @property
    def status(self) -> str:
        """met, not_met, not_due, not_applicable, no_data or information."""
        return self.row.status


def compliance_of(figures: Figures, unit: str) -> list[ComplianceRow]:
    """A unit's rows in clause order: those of the asked period, and where a duty has none, of the one that lends it."""
    chosen: dict[tuple[str, str, str], ComplianceRow] = {}
    rank = figures.release.periods.index
    for row in sorted(figures.release.compliance, key=lambda row: -rank(row.period_code)):
        if row.agency_code == unit:
            chosen[row.directive, row.obligation, row.measure] = row
    return sorted(chosen.values(), key=clause_order)


def clause_order(row: ComplianceRow) -> tuple:
    """Sorts rows as their directives run: by the clause's rank, or by how it is written where a release has no ranks yet."""
    return (row.directive, row.clause_rank or 0, natural(row.clause), row.obligation, row.measure)


def duties(figures: Figures, unit: str) -> list[Duty]:
    """A unit's duties, each (obligation, measure, status) once with all its clauses, in the obligations' order."""
    found: dict[tuple[str, str, str], list[ComplianceRow]] = {}
    for row in compliance_of(figures, unit):
        found.setdefault((row.obligation, row.measure, row.status), []).append(row)
    return [
        Duty(rows[0], duty_words(figures, rows[0]), figure_of(figures, rows[0]), tuple((row.directive, row.clause) for row in rows))
        for _, rows in sorted(found.items())
    ]


@dataclass(frozen=True)
class SharedDuty:
    """One duty of many agencies: how many stand where."""

    rows: tuple[ComplianceRow, ...]  # of one directive and clause
    words: str
    counts: Counter[str]  # by status

    def counted(self) -> str:
        """`đạt: 8; chưa đạt: 21; chưa có số liệu: 1`."""
        return "; ".join(f"{STATUS[status].lower()}: {self.counts[status]}" for status in STATUS if self.counts[status])


def shared_duties(figures: Figures, unit: str) -> list[SharedDuty]:
    """The duties of the agencies below `unit`, in clause order."""
    found: dict[tuple[str, str, str, str], list[ComplianceRow]] = {}
    for code in below(figures.release, unit):
        for row in compliance_of(figures, code):
            found.setdefault((row.directive, row.clause, row.obligation, row.measure), []).append(row)
    ordered = sorted(found.items(), key=lambda item: clause_order(item[1][0]))
    return [SharedDuty(tuple(rows), full_words(figures, rows[0]), Counter(row.status for row in rows)) for _, rows in ordered]


def full_words(figures: Figures, row: ComplianceRow) -> str:
    """The duty and the measure it is judged by, since one duty may have several; the duty alone where nothing measures it yet."""
    title = figures.title(row.measure)
    if title == row.measure:
        return duty_words(figures, row)
    return f"{duty_words(figures, row)}: {title[0].lower()}{title[1:]}"


def duty_words(figures: Figures, row: ComplianceRow) -> str:
    """What the obligation asks, from the release's notes. Raises DataError when they don't say."""
    note = figures.release.notes.obligations.get(row.obligation)
    if note is None:
        raise DataError(f"release {figures.release.release_id}: the notes have no entry obligations.{row.obligation}")
    return note.duty_vi


def figure_of(figures: Figures, row: ComplianceRow) -> Figure | None:
    """The figure a compliance row stands on; None when there is none and the row claims no value.

    Raises DataError when row and figure differ: one release must not say two things.
    """
    figure = figures.by_id(row.figure)
    if row.value is not None and (figure is None or figure.value != row.value):
        there = "is not in it" if figure is None else f"is {figure.value}"
        raise DataError(
            f"release {figures.release.release_id}: {row.obligation} of {row.agency_code} says {row.figure} = {row.value}, "
            f"but that figure {there}"
        )
    return figures.keep(figure) if figure else None


def target_words(row: ComplianceRow, figure: Figure | None) -> str:
    """The target as it is printed: `100 %`, `từ 95 % trở lên`, `không quá 0`, `không có`, `cao hơn cùng kỳ năm trước`."""
    if row.target_kind == "trend":
        return TREND.get(row.direction or "", TARGET["trend"])
    if row.target_kind not in ("at_least", "by_plan"):
        return TARGET[row.target_kind]
    if row.target is None:
        return TARGET["information" if row.target_kind == "at_least" else "by_plan"]
    share = figure is not None and figure.kind == "ratio"
    bound = percent(row.target, min(_places(row.target * 100), 2)) if share else _short(row.target)
    if row.direction == "falling":
        return f"không quá {bound}"
    return bound if share and row.target == 1 else f"từ {bound} trở lên"


def natural(text: str) -> list[tuple[int, int, str]]:
    """Sorts §2 before §10."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.findall(r"\d+|\D+", text)]


def _short(value: Decimal) -> str:
    return number(value, _places(value))


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0

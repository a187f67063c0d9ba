"""The compliance mart of one release, listed clause by clause."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from typing import Any

from cchc.errors import DataError
from cchc.reports.figures import Figures, printed_value
from cchc.reports.obligations import STATUS, clause_order, full_words, target_words
from cchc.reports.reading import read_release
from cchc.reports.rows import ComplianceRow, MeasureRow
from cchc.reports.vietnamese import NOT_COLLECTED, day, percent

FIELDS = (
    "directive", "clause_rank", "clause", "obligation", "measure", "agency_code", "period_code", "target_kind", "direction", "target",
    "numerator", "denominator", "value", "previous_value", "change", "status", "first_broken_on", "first_broken_by", "coverage", "figure",
)  # fmt: skip
UNIT_HEAD = ("Văn bản", "Điều khoản", "Mã", "Nhiệm vụ", "Đơn vị", "Mục tiêu", "Kết quả", "Cùng kỳ năm trước", "Đánh giá", "Không đạt từ",
             "Số liệu đã về")  # fmt: skip
DUTY_HEAD = ("Văn bản", "Điều khoản", "Mã", "Nhiệm vụ", "Mục tiêu", "Số đơn vị", "Đánh giá")
KNOWN_BY = {"day": "ngày", "month": "cuối tháng", "quarter": "cuối quý"}  # any other kind: the end of the period itself


class ComplianceList:
    """The duties of one period of one release, in the order of the directives' clauses; of one directive or unit if asked.

    Raises DataError when the release has no such period, directive or unit.
    """

    def __init__(self, province: str, period: str, release: str | None = None, directive: str | None = None, unit: str | None = None):
        self.figures = Figures(read_release(province, period, release))
        here = [row for row in self.figures.release.compliance if row.period_code == period]
        bound = sorted({row.directive for row in here})
        if directive and directive not in bound:
            known = f"it knows {', '.join(bound)}" if bound else "none binds then"
            raise DataError(f"release {self.figures.release.release_id}: no duty of directive {directive} in {period} ({known})")
        if unit and unit not in self.figures.release.notes.units:
            raise DataError(f"unit {unit} is not in release {self.figures.release.release_id}")
        chosen = [row for row in here if directive in (None, row.directive) and unit in (None, row.agency_code)]
        self.rows = sorted(chosen, key=lambda row: (*clause_order(row), self._rank(row), row.agency_code))

    def fields(self) -> list[tuple[Any, ...]]:
        """Every row's columns as they are stored, by FIELDS."""
        return [tuple(getattr(row, name) for name in FIELDS) for row in self.rows]

    def by_unit(self) -> list[tuple[str, ...]]:
        """One printed line for each unit's duty, under UNIT_HEAD."""
        return [self._unit_line(row) for row in self.rows]

    def by_duty(self) -> list[tuple[str, ...]]:
        """One printed line for each clause and duty with the number of units at each status, under DUTY_HEAD."""
        return list(self._duty_lines())

    def _duty_lines(self) -> Iterator[tuple[str, ...]]:
        for _, group in groupby(self.rows, key=clause_order):
            rows = list(group)
            count = Counter(row.status for row in rows)
            said = "; ".join(f"{STATUS[status].lower()}: {count[status]}" for status in STATUS if count[status])
            targets = {self._target(row) for row in rows}
            target = targets.pop() if len(targets) == 1 else "theo từng đơn vị"
            yield (*self._head(rows[0]), target, str(len(rows)), said)

    def _unit_line(self, row: ComplianceRow) -> tuple[str, ...]:
        figure = self.figures.by_id(row.figure)
        broken = ""
        if row.first_broken_on:
            broken = f"{day(row.first_broken_on)} ({KNOWN_BY.get(row.first_broken_by or '', 'cuối kỳ')})"
        return (
            *self._head(row), self.figures.release.notes.units[row.agency_code].name_vi, self._target(row),
            figure.printed if figure else NOT_COLLECTED, self._printed(row, row.previous_value), STATUS[row.status], broken,
            "" if row.coverage is None else percent(row.coverage, 0),
        )  # fmt: skip

    def _head(self, row: ComplianceRow) -> tuple[str, ...]:
        return (row.directive, row.clause, row.obligation, full_words(self.figures, row))

    def _target(self, row: ComplianceRow) -> str:
        return target_words(row, self.figures.by_id(row.figure))

    def _printed(self, row: ComplianceRow, value: Decimal | None) -> str:
        """Another value of the row's measure, as that measure's values are printed; nothing when there is none."""
        key = row.figure.split(":", 1)[0]
        note = self.figures.release.notes.measures.get(key)
        if value is None or note is None:
            return ""
        version = int(key.rpartition("@")[2])
        other = MeasureRow(row.agency_code, row.period_code, row.measure, version, "", row.figure, None, None, value, "A")
        return printed_value(other, note)

    def _rank(self, row: ComplianceRow) -> int:
        unit = self.figures.release.notes.units.get(row.agency_code)
        return unit.sort_rank if unit else 0

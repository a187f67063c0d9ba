"""The ledger of one release in words: what a comparison's values, difference and verdict are printed as."""

from decimal import Decimal
from typing import Any

from cchc.errors import DataError
from cchc.reports.reading import read_ledger
from cchc.reports.rows import ReconciliationRow
from cchc.reports.vietnamese import day, number, round_half_up

VERDICT = {
    "agree": "Khớp",
    "differs": "Chênh lệch",
    "own_missing": "Hệ thống chưa có hoặc chưa tính được",
    "other_missing": "Bên đối chiếu chưa có số liệu",
}
FIELDS = tuple(ReconciliationRow.__dataclass_fields__)
HEAD = ("Đơn vị", "Kỳ", "Mã đối chiếu", "Báo cáo, bảng", "Dòng", "Hệ thống", "Đối chiếu", "Chênh lệch", "Cho phép", "Kết quả", "Nguồn",
        "Giải trình")  # fmt: skip


def ledger(
    province: str,
    release: str | None = None,
    period: str | None = None,
    unit: str | None = None,
    check: str | None = None,
    verdict: str | None = None,
) -> list[ReconciliationRow]:
    """Lines of the ledger of a release, default the newest; None asks for all. Raises DataError for an unknown verdict or release."""
    if verdict not in (None, *VERDICT):
        raise DataError(f"{verdict!r} is no verdict; there are: {', '.join(VERDICT)}")
    _, rows = read_ledger(province, release)
    asked = {"period_code": period, "agency_code": unit, "check_id": check, "verdict": verdict}
    return [row for row in rows if all(value in (None, getattr(row, name)) for name, value in asked.items())]


def fields(row: ReconciliationRow) -> tuple[Any, ...]:
    """A line as it is stored, by FIELDS."""
    return tuple(getattr(row, name) for name in FIELDS)


def line(row: ReconciliationRow) -> tuple[str, ...]:
    """A line as it is printed, under HEAD."""
    said = f"{row.explanation} ({row.explained_by}, {day(row.explained_on)})" if row.explained_on else ""
    place = " | ".join(filter(None, [row.line_code, row.about]))
    return (row.agency_code, row.period_code, row.check_id, row.book, place, printed(row, row.own_value), printed(row, row.other_value),
            difference_words(row), tolerance_words(row), VERDICT[row.verdict], row.other_source, said)  # fmt: skip


def printed(row: ReconciliationRow, value: Decimal | None) -> str:
    """A value with as many digits as the line needs: none for counts, else two, or as many as the other side has."""
    return number(value, _decimals(row))


def difference_words(row: ReconciliationRow) -> str:
    """The difference with its sign, own less other; `–` when a side is missing."""
    told = printed(row, row.difference)
    return f"+{told}" if row.difference is not None and _rounded(row) > 0 else told


def tolerance_words(row: ReconciliationRow) -> str:
    """`±0,005`."""
    exact = row.tolerance.normalize()
    return f"±{number(exact, max(0, -int(exact.as_tuple().exponent)))}"


def is_shown(row: ReconciliationRow) -> bool:
    """Whether a line is printed: it does not agree, is explained, or agrees by its tolerance alone."""
    return row.verdict != "agree" or bool(row.explanation) or _rounded(row) != 0


def _rounded(row: ReconciliationRow) -> Decimal:
    return round_half_up(row.difference or Decimal(0), _decimals(row))


def _decimals(row: ReconciliationRow) -> int:
    sides = [value for value in (row.own_value, row.other_value) if value is not None]
    if all(value == value.to_integral_value() for value in sides):
        return 0
    return max(2, -int(row.other_value.normalize().as_tuple().exponent) if row.other_value is not None else 2)

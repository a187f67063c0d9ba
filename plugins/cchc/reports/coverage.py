"""Coverage by unit in words: per feed and period how many of how many, who is missing and why, who was let off and by whom."""

from collections.abc import Iterator
from itertools import groupby

from cchc.reports.reading import Release
from cchc.reports.rows import UnitCoverageRow
from cchc.reports.vietnamese import day, number, period_label

NOTHING_OWED = "Theo lịch gửi số liệu, không có kỳ gửi nào kết thúc trong kỳ báo cáo."
STATES = {
    "absent": "chưa gửi", "open": "chưa đến hạn", "refused": "bị từ chối", "held": "đang giữ lại để kiểm tra", "withdrawn": "đã rút lại",
    "received": "đang xử lý", "empty": "tệp không có số liệu của đơn vị", "too_late": "gửi sau hạn còn nhận",
}  # fmt: skip


def coverage_sentences(release: Release) -> list[str]:
    """One sentence per feed and period that ends inside the report's, in the order of feed and day; then the exceptions."""
    asked = release.notes.periods[release.period]
    known = release.notes.periods
    rows = [row for row in release.unit_coverage if asked.starts_on <= known[row.period_code].ends_on <= asked.ends_on]
    if not rows:
        return [NOTHING_OWED]
    rows.sort(key=lambda row: (row.feed, known[row.period_code].ends_on, _rank(release, row), row.agency_code))
    said = [_sentence(release, list(group)) for _, group in groupby(rows, key=lambda row: (row.feed, row.period_code))]
    return said + list(_exceptions(release, rows))


def _sentence(release: Release, rows: list[UnitCoverageRow]) -> str:
    expected = [row for row in rows if row.expected]
    usable = [row for row in expected if row.usable]
    first = rows[0]
    dates = f"hạn {day(first.due_on)}" if first.due_on else "chưa xác định hạn gửi"
    said = (
        f"{_feed(release, first.feed)}, {_inside(first.period_code)} ({dates}): "
        f"đã nhận {number(len(usable))}/{number(len(expected))} đơn vị, đúng hạn {number(sum(row.on_time for row in expected))}"
    )
    missing = [f"{_unit(release, row)} ({STATES.get(row.state, row.state)})" for row in expected if not row.usable]
    return said + (f"; còn thiếu: {'; '.join(missing)}." if missing else ".")


def _exceptions(release: Release, rows: list[UnitCoverageRow]) -> Iterator[str]:
    for row in rows:
        if row.exception_kind and row.exception_until:
            kind = "được miễn gửi đến hết ngày" if row.exception_kind == "exempt" else "được gia hạn đến hết ngày"
            yield (
                f"Ngoại lệ: {_unit(release, row)}, {_feed(release, row.feed)}, {_inside(row.period_code)}, "
                f"{kind} {day(row.exception_until)}; người quyết định: {row.exception_by}; lý do: {row.exception_reason}."
            )


def _rank(release: Release, row: UnitCoverageRow) -> int:
    unit = release.notes.units.get(row.agency_code)
    return unit.sort_rank if unit else 0


def _unit(release: Release, row: UnitCoverageRow) -> str:
    unit = release.notes.units.get(row.agency_code)
    return unit.name_vi if unit else row.agency_code


def _feed(release: Release, feed: str) -> str:
    note = release.notes.feeds.get(feed)
    return note.title_vi if note else feed


def _inside(period: str) -> str:
    label = period_label(period)
    return label[:1].lower() + label[1:]

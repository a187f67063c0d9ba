"""The notes on the data: period, release, coverage, warnings; what a reader needs before trusting a number."""

from datetime import datetime, time

from cchc.reports.annex_statistics import READING
from cchc.reports.coverage import coverage_sentences
from cchc.reports.document import Annex
from cchc.reports.figures import Figures
from cchc.reports.reading import Release
from cchc.reports.rows import CoverageRow
from cchc.reports.tree_words import notes_on_tree
from cchc.reports.vietnamese import day, number, period_label

ABSENT = {
    "late": "chưa gửi số liệu của kỳ đến hạn gần nhất", "held": "đang giữ lại để kiểm tra", "refused": "bị từ chối", "absent": "chưa gửi",
}  # fmt: skip
RATES = ("on_time_rate", "on_time_of_due", "on_time_of_handled")
SYNTHETIC = "Số liệu mô phỏng để minh họa, không phải số liệu thật"
SUITES = {
    "mart_balance": "cân đối hồ sơ", "mart_count": "số dòng được giữ", "mart_coverage": "nguồn số liệu", "mart_dossier": "hồ sơ",
    "mart_index": "chỉ số", "mart_measure": "chỉ tiêu", "mart_presence": "bảng kết quả", "mart_unit_coverage": "đơn vị phải gửi",
}  # fmt: skip
PROVISIONAL = "Bản chốt tạm tính: thiếu nguồn số liệu bắt buộc; số liệu có thể thay đổi ở bản chốt sau."


def notes_annex(figures: Figures, unit: str) -> Annex:
    """All notes; `unit`'s own coverage isn't cut out: one release, one coverage."""
    release = figures.release
    said = [
        f"{bounds(release)}, số liệu chốt {as_of_words(release.as_of)}.",
        f"Bản chốt số liệu: {release.release_id}; mã băm SHA-256: {release.content_hash}.",
        f"Dữ liệu tham chiếu (đơn vị, lịch, chỉ tiêu): mã băm SHA-256: {release.reference_hash}.",
        *([PROVISIONAL] if release.provisional else []),
        *([f"{SYNTHETIC}.", *filter(None, [release.notes.setting.get("note_vi")])] if release.notes.synthetic else []),
        *notes_on_tree(release),
        *_coverage(release),
        *coverage_sentences(release),
        *_definitions(figures),
        READING,
        *_warnings(release),
    ]
    return Annex("Thuyết minh số liệu", None, after=tuple(said), landscape=False)


def bounds(release: Release) -> str:
    """`Quý IV/2013 (01/10/2013 - 31/12/2013)`."""
    period = release.notes.periods[release.period]
    return f"{period_label(release.period)} ({day(period.starts_on)} - {day(period.ends_on)})"


def as_of_words(as_of: datetime) -> str:
    """`đến hết ngày 31/12/2013`, or with the hour when the night spoke for a moment inside a day."""
    if as_of.time() >= time(23, 59):
        return f"đến hết ngày {day(as_of)}"
    return f"lúc {as_of:%H:%M} ngày {day(as_of)}"


def _coverage(release: Release) -> list[str]:
    """The coverage sentence, then each source that is not in, by name."""
    rows = release.coverage
    if not rows:
        return ["Bản chốt không có thông tin về nguồn số liệu."]
    arrived = sum(row.state == "in" for row in rows)
    said = [f"Đến thời điểm chốt, {number(arrived)}/{number(len(rows))} nguồn số liệu đã có số liệu được nhận."]
    missing = [_missing(release, row) for row in rows if row.state != "in"]
    return said + ([f"Chưa có: {'; '.join(missing)}."] if missing else [])


def _missing(release: Release, row: CoverageRow) -> str:
    sender = release.notes.units.get(row.agency_code)
    feed = release.notes.feeds.get(row.feed)
    words = f"{sender.name_vi if sender else row.agency_code} - {feed.title_vi if feed else row.feed}"
    last = f", lần gửi gần nhất {day(row.last_arrived_at)}" if row.last_arrived_at else ""
    return f"{words} ({ABSENT.get(row.state, row.state)}{', bắt buộc' if row.required else ''}{last})"


def _definitions(figures: Figures) -> list[str]:
    """The three on-time rates differ in what they divide by: each that is printed is defined."""
    printed = {(figure.measure, figure.version) for figure in figures.printed.values() if figure.measure in RATES}
    notes = figures.release.notes.measures
    return [
        f"{note.title_vi} ({measure}@{version}): {_small(note.numerator_vi)} / {_small(note.denominator_vi or '')}."
        for measure, version in sorted(printed, key=lambda one: (RATES.index(one[0]), one[1]))
        for note in [notes[f"{measure}@{version}"]]
    ]


def _warnings(release: Release) -> list[str]:
    found = [
        f"Kiểm tra {_of_what(release, warning.suite)} ở mức cảnh báo không đạt: {warning.message_vi}." for warning in release.notes.warnings
    ]
    return found or ["Kiểm tra chất lượng số liệu: mọi kiểm tra đều đạt."]


def _of_what(release: Release, suite: str) -> str:
    """What a suite looks at, in words: a feed by its title."""
    feed = release.notes.feeds.get(suite.partition("@")[0])
    return SUITES.get(suite) or f"“{feed.title_vi if feed else suite}”"


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]

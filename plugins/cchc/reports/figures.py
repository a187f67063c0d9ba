"""Finds a release's figures and gives each its printed text; a figure that gets printed is remembered."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from cchc.errors import DataError
from cchc.reports.document import Figure
from cchc.reports.guard import guarded_figures
from cchc.reports.notes import MeasureNote
from cchc.reports.reading import Release
from cchc.reports.rows import IndexUnitRow, MeasureRow
from cchc.reports.tree import REST, TODAY, Tree
from cchc.reports.tree_rows import chosen
from cchc.reports.vietnamese import NOT_COLLECTED, number, percent

DIMENSIONS = {
    "channel=online": "trực tuyến",
    "channel=desk": "trực tiếp",
    "channel=post": "qua bưu chính",
    "channel=email": "qua thư điện tử",
    "channel=internal": "nội bộ",
    "channel=unknown": "không rõ hình thức",
    "kind=civil_servant": "công chức",
    "kind=public_employee": "viên chức",
    "level=province": "cấp tỉnh",
    "level=district": "cấp huyện",
    "level=commune": "cấp xã",
    "post_level=province": "vị trí cấp tỉnh",
    "post_level=district": "vị trí cấp huyện",
    "post_level=commune": "vị trí cấp xã",
    "stage=none": "chưa lập đề án",
    "stage=scheme": "đã lập đề án",
    "stage=appraised": "đã thẩm định",
    "stage=approved": "đã phê duyệt",
    "stage=live": "đã vận hành",
    "scope=same_level": "liên thông cùng cấp",
    "scope=across_levels": "liên thông giữa các cấp",
    "violation=harassment": "sách nhiễu, gây phiền hà",
    "violation=delay": "chậm trễ",
    "violation=working_hours": "giờ giấc làm việc",
    "violation=alcohol": "sử dụng rượu, bia",
    "violation=no_card": "không đeo thẻ",
    "violation=other": "vi phạm khác",
    "discipline=reprimand": "khiển trách",
    "discipline=warning": "cảnh cáo",
    "discipline=salary_reduction": "hạ bậc lương",
    "discipline=demotion": "giáng chức",
    "discipline=removal": "cách chức",
    "discipline=dismissal": "buộc thôi việc",
    "medium=newspaper": "báo in",
    "medium=radio": "phát thanh",
    "medium=television": "truyền hình",
    "medium=portal": "cổng thông tin",
    "medium=loudspeaker": "loa truyền thanh",
    "medium=leaflet": "tờ rơi",
    "medium=conference": "hội nghị",
    "medium=contest": "cuộc thi",
    "medium=dialogue": "đối thoại",
    "medium=social_media": "mạng xã hội",
    "medium=other": "hình thức khác",
    "topic=par": "về cải cách hành chính",
    "topic=one_stop": "về nghiệp vụ một cửa",
    "body_kind=agency": "cơ quan hành chính",
    "body_kind=public_unit": "đơn vị sự nghiệp công lập",
    "body_kind=science_unit": "tổ chức khoa học và công nghệ",
    "body_level=province": "cấp tỉnh",
    "body_level=district": "cấp huyện",
    "body_level=commune": "cấp xã",
    "purpose=par": "cải cách hành chính",
    "purpose=one_stop": "bộ phận một cửa",
    "purpose=training": "đào tạo, bồi dưỡng",
    "purpose=modernisation": "hiện đại hóa hành chính",
    "group=citizen": "người dân",
    "group=business": "doanh nghiệp",
    TODAY: "theo đơn vị hành chính hiện nay",
    REST: "đơn vị đã kết thúc, không nêu đơn vị kế thừa",
}
MISSING = "M"  # SDMX observation status: not collected
KEPT_BACK = "C"  # SDMX: confidential; only in print, a release holds the number
GUARDED = "bảo mật"
NOTHING = "không có"  # collected, and no case to measure
_ORDER = {item: rank for rank, item in enumerate(DIMENSIONS)}


class Figures:
    """The figures of one release, by id and by (measure, unit, dim)."""

    def __init__(self, release: Release):
        self.release = release
        self.printed: dict[str, Figure] = {}
        self._rows = {row.figure: row for row in release.measures}
        self._places: dict[tuple[str, str, str], MeasureRow] = {}
        self._guarded = guarded_figures(release.measures, release.notes.measures)
        shown = self._shown_periods()
        rows = [row for row in release.measures if row.period_code == shown[row.measure]]
        for dim, row in chosen(release, sorted(rows, key=lambda row: row.version)):  # the newest version wins
            self._places[row.measure, row.agency_code, dim] = row
        self._dims: dict[str, dict[str, set[str]]] = {}  # unit → measure → breakdowns
        for measure, unit, dim in self._places:
            self._dims.setdefault(unit, {}).setdefault(measure, set()).add(dim)

    def _shown_periods(self) -> dict[str, str]:
        """Each measure's period: the asked one, else the shortest that lends it; one for all units, levels and channels."""
        shown: dict[str, str] = {}
        rank = self.release.periods.index
        for row in self.release.measures:
            shown[row.measure] = min(shown.get(row.measure, row.period_code), row.period_code, key=rank)
        return shown

    def get(self, measure: str, unit: str, dim: str = "") -> Figure | None:
        """The figure of the measure's shown period and newest version; None if there is none."""
        row = self._places.get((measure, unit, dim))
        return None if row is None else self._make(row)

    def of_column(self, measure: str, units: Iterable[str], dim: str = "") -> tuple[int, str] | None:
        """The (version, period) that this measure's figures of `units` have: a column shows one only."""
        found = {(row.version, row.period_code) for unit in units if (row := self._places.get((measure, unit, dim)))}
        return max(found) if found else None

    def at(self, place: str, unit: str, dim: str = "") -> Figure | None:
        """The figure of a column, `on_time_rate@1:*:2013-Q4`, for a unit; None where it is of another version or period, or is not."""
        key, _, period = place.split(":")
        row = self._places.get((key.partition("@")[0], unit, dim))
        return self._make(row) if row and (f"{row.measure}@{row.version}", row.period_code) == (key, period) else None

    def by_id(self, figure: str) -> Figure | None:
        """The figure with this id, if the release has it among the periods read."""
        row = self._rows.get(figure)
        return None if row is None else self._make(row)

    def dims(self, measure: str, unit: str, by: Iterable[str]) -> list[str]:
        """The breakdowns a measure has for a unit `by` keys such as "level" or "kind,level", broad before narrow; by today's tree
        the rest stands among the levels.
        """
        levels = {"rest"} if "level" in by and self.release.tree is Tree.TODAY else set()
        dims = {dim for dim in self._dims.get(unit, {}).get(measure, ()) if _keys(dim) in {*by, *levels}}
        return sorted(dims, key=lambda dim: [(_ORDER.get(item, len(_ORDER)), item) for item in dim.split(",")])

    def title(self, measure: str) -> str:
        """A measure's title, of its newest version; its id where the notes don't know it (a duty that nothing measures yet)."""
        notes = self.release.notes.measures
        versions = [int(key.partition("@")[2]) for key in notes if key.partition("@")[0] == measure]
        return notes[f"{measure}@{max(versions)}"].title_vi if versions else measure

    def measures_of(self, unit: str) -> list[str]:
        """Every measure that the release has for a unit, by name."""
        return sorted(self._dims.get(unit, {}))

    def keep(self, figure: Figure) -> Figure:
        """Remember that a figure was printed; it will stand in the report's list of figures."""
        self.printed[figure.figure] = figure
        return figure

    def all_printed(self) -> tuple[Figure, ...]:
        """What was kept, in the order of ids."""
        return tuple(self.printed[name] for name in sorted(self.printed))

    def _make(self, row: MeasureRow) -> Figure:
        key = f"{row.measure}@{row.version}"
        note = self.release.notes.measures.get(key)
        if note is None:
            raise DataError(f"release {self.release.release_id}: figure {row.figure} has no entry measures.{key} in the notes")
        if row.figure in self._guarded:
            row = replace(row, numerator=None, denominator=None, value=None, status=KEPT_BACK)
        title = note.title_vi + (f", {dim_words(row.dim)}" if row.dim else "")
        shared = note.kind == "yes_no" and row.value not in (None, 0, 1)  # the share of the units that have it
        return Figure(
            figure=row.figure, measure=row.measure, version=row.version, unit=row.agency_code, period=row.period_code,
            dim=row.dim, status=row.status, title_vi=title, kind=note.kind, unit_vi="%" if shared else note.unit_vi, decimals=note.decimals,
            numerator=row.numerator, denominator=row.denominator, value=row.value,
            printed=printed_value(row, note), printed_fraction=printed_fraction(row, note),
        )  # fmt: skip


def index_figures(row: IndexUnitRow) -> tuple[Figure, Figure]:
    """A unit's index (value = points / applicable points) and its rank in its block, as figures of their framework."""
    _check_percent(row)
    dim = f"framework={row.framework}"
    place = f"@{row.version}:{row.agency_code}:{row.period_code}:{dim}"
    share = None if row.percent is None else row.percent / 100
    score = Figure(
        figure=f"index_score{place}", measure="index_score", version=row.version, unit=row.agency_code,
        period=row.period_code, dim=dim, status="P" if row.is_forecast else "A", title_vi="Chỉ số cải cách hành chính",
        kind="ratio", unit_vi="%", decimals=2, numerator=row.points, denominator=row.points_applicable, value=share,
        printed=percent(share), printed_fraction=f"{number(row.points, 2)}/{number(row.points_applicable, 2)}",
    )  # fmt: skip
    rank = None if row.rank is None else Decimal(row.rank)
    place_figure = replace(
        score, figure=f"rank{place}", measure="rank", title_vi="Xếp hạng trong khối", kind="count", unit_vi="", decimals=0,
        numerator=rank, denominator=None, value=rank, printed=number(rank), printed_fraction="",
    )  # fmt: skip
    return score, place_figure


def _check_percent(row: IndexUnitRow) -> None:
    """One release must not print points and a percentage that say two things (index.md, From points to index)."""
    if row.points is None or row.percent is None or not row.points_applicable:
        return
    if abs(row.percent - row.points * 100 / row.points_applicable) > Decimal("0.000001"):
        said = f"{row.points} of {row.points_applicable} points is not {row.percent} %"
        raise DataError(f"index {row.framework}@{row.version} of {row.agency_code}: {said}")


def printed_value(row: MeasureRow, note: MeasureNote) -> str:
    """A value as its measure's kind is written: "–" where nobody has it, "0/0" or "không có" where there is nothing to measure."""
    value = row.value
    if row.status == KEPT_BACK:
        return GUARDED
    if value is None and row.status == MISSING:
        return NOT_COLLECTED
    if value is None:
        return "0/0" if note.kind in {"ratio", "yes_no"} else NOTHING
    if note.kind == "yes_no":
        return {0: "Không", 1: "Có"}.get(int(value) if value in (0, 1) else -1) or percent(value)
    return percent(value, note.decimals) if note.kind == "ratio" else number(value, note.decimals)


def printed_fraction(row: MeasureRow, note: MeasureNote) -> str:
    """`940/1.329`, or "" where there is no denominator to show."""
    if row.numerator is None or row.denominator is None or not note.denominator_vi:
        return ""
    return "/".join(number(part, 0 if part == part.to_integral_value() else 2) for part in (row.numerator, row.denominator))


def _keys(dim: str) -> str:
    """`kind=civil_servant,level=district` → `kind,level`."""
    return ",".join(item.partition("=")[0] for item in dim.split(","))


def dim_words(dim: str) -> str:
    """A breakdown in words; one that has none here is printed as it stands, never dropped."""
    return ", ".join(DIMENSIONS.get(item, item) for item in dim.split(","))

"""What a release must carry beside its figures so that a report needs nothing else: `release.manifest.notes`."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cchc.errors import DataError

Kind = Literal["ratio", "count", "amount", "duration", "yes_no", "number"]


class _Note(BaseModel):
    """Other keys may stand beside these; they are not printed."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class UnitNote(_Note):
    """One unit as it was called when the release was frozen."""

    name_vi: str
    kind: str  # province, department, district, commune
    level: str
    block: str | None = None
    parent_code: str | None = None
    sort_rank: int
    # a release frozen before these were kept has none of them, and knows the tree of its periods' time alone
    valid_from: date | None = None
    valid_to: date | None = None
    today_code: str | None = None  # where it stands in today's tree: itself, its successor, or nowhere
    today_how: Literal["same", "whole", "first", "none"] | None = None


class MeasureNote(_Note):
    """One measure version's words; `kind` decides how its value is printed."""

    title_vi: str
    kind: Kind
    unit_vi: str  # %, hồ sơ, người, đồng, ngày làm việc, ...; "" for yes_no
    numerator_vi: str
    denominator_vi: str | None = None
    decimals: int = Field(ge=0, le=6)
    guarded: bool = False  # cells of its breakdowns under five are kept back


class PeriodNote(_Note):
    """One period of the calendar, both bounds included."""

    kind: str
    regime: str
    starts_on: date
    ends_on: date
    due_on: date


class TitleNote(_Note):
    """A feed's or a directive's name."""

    title_vi: str


class ObligationNote(_Note):
    """What an obligation asks for, in one line."""

    duty_vi: str


class FrameworkNote(_Note):
    """A criteria set; `constructed` = its wording and points are ours, which every print says."""

    title_vi: str
    constructed: bool


class WarningNote(_Note):
    """A warning of the night's suites."""

    suite: str
    message_vi: str


class Notes(_Note):
    """All of them. Keys: units by agency code, measures by `<id>@<version>`, frameworks by `<id>@<version>`."""

    units: dict[str, UnitNote]
    measures: dict[str, MeasureNote]
    periods: dict[str, PeriodNote]
    feeds: dict[str, TitleNote]
    directives: dict[str, TitleNote]
    obligations: dict[str, ObligationNote]
    frameworks: dict[str, FrameworkNote]
    setting: dict[str, str]
    warnings: tuple[WarningNote, ...]
    synthetic: bool


def read_notes(release_id: str, raw: dict[str, Any]) -> Notes:
    """The notes of a release, checked. Raises DataError naming the release and each key that is wrong."""
    try:
        return Notes.model_validate(raw)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:5])
        raise DataError(f"release {release_id}, manifest notes: {wrong}. Freeze a new release: `cchc run nightly`") from error

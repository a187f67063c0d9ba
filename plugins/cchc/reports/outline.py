"""The outline of a report: headings, sentences, annex lines and columns, as data by the programme's years."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from cchc.contracts.safe_yaml import read_yaml
from cchc.errors import ConfigError
from cchc.reports.document import Part

FOLDER = Path(__file__).parent / "outlines"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Points(_Strict):
    """Sentences that become a), b), c) ..."""

    points: tuple[str, ...]


class ObligationList(_Strict):
    """The duties with one of these statuses, one a line, under `intro`."""

    obligations: tuple[Literal["met", "not_met", "no_data"], ...]
    intro: str


class PartOfSection(_Strict):
    """A numbered part; with an empty title its lines stand straight under the section."""

    title: str
    lines: tuple[str | Points | ObligationList, ...]


class Section(_Strict):
    """I, II, III ... of the body."""

    title: str
    parts: tuple[PartOfSection, ...]


class AnnexLine(_Strict):
    """A measure's line in the statistics annex, and the breakdowns under it: "level", "channel", "kind,level". With
    `once_collected` it is left out, and only counted, as long as nobody collects it.
    """

    measure: str
    once_collected: bool = False
    by: tuple[str, ...] = ("level",)


class AnnexGroup(_Strict):
    """A numbered group of lines in the statistics annex."""

    title: str
    lines: tuple[AnnexLine, ...]


class AgencyColumn(_Strict):
    """A column of the annex per agency."""

    measure: str
    title: str
    part: Part = "value"


class FormUse(_Strict):
    """Forms that are attached to reports of these kinds of period; `constructed` = no text says so, we do."""

    forms: tuple[Literal["ii06a", "ii07b"], ...]
    period_kinds: tuple[Literal["month", "quarter", "half", "nine_months", "year"], ...]
    constructed: bool
    source: str
    note_vi: str = ""  # printed above them


class Outline(_Strict):
    """All of it; both years included."""

    outline: str
    from_year: int
    to_year: int
    sections: tuple[Section, ...]
    annex: tuple[AnnexGroup, ...]
    agencies: tuple[AgencyColumn, ...]
    forms: tuple[FormUse, ...] = ()


@lru_cache(maxsize=1)
def outlines() -> tuple[Outline, ...]:
    """All outlines, earliest first. Raises ConfigError naming the file and the key."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.yaml")))


def outline_of(year: int) -> Outline:
    """The outline that rules in `year`; before the first and after the last one, the nearest."""
    known = outlines()
    fitting = [one for one in known if one.from_year <= year <= one.to_year]
    return fitting[0] if fitting else (known[0] if year < known[0].from_year else known[-1])


def _read(path: Path) -> Outline:
    try:
        return Outline.model_validate(read_yaml(path))
    except ValidationError as error:
        raise ConfigError(f"outlines/{path.name}: {error}") from error

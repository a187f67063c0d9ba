"""What a measure is: its words, and once, what of which rows it counts."""

import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from cchc.contracts import feeds, versions
from cchc.contracts.model import Strict
from cchc.contracts.safe_yaml import read_yaml
from cchc.contracts.tables import columns_of
from cchc.errors import ConfigError

DEFINITIONS = Path(__file__).parent / "definitions"
OWN_AGENCY = "row.agency_code"
PERIODS = ("day", "month", "quarter", "half", "nine_months", "year", "programme")
ROW = re.compile(r"\brow\.(\w+)")
DAY = re.compile(r"\bdays\.(\w+)")

Kind = Literal["ratio", "count", "amount", "duration", "yes_no"]
PeriodKind = Literal["day", "month", "quarter", "half", "nine_months", "year", "programme"]


class Part(Strict):
    """What a measure takes from one fact. Expressions are SQL over `row` (the fact) and `period` (a row of unit_period).

    Of the rows for which `when` holds, those that a predicate of `without` names are left out; each of the others gives
    1 (or `of_amount`) to the denominator, and if `counts` holds, 1 (or `amount`) to the numerator.
    """

    rows: str = ""  # the fact model; filled from the file
    agency: str = OWN_AGENCY  # whose row it is
    when: str = "true"
    without: dict[str, str] = Field(default_factory=dict)  # Vietnamese name of an exclusion → predicate
    voids: tuple[str, ...] = ()  # those names of which one row makes the figure M: it can't be told without that row
    counts: str = "true"
    amount: str | None = None
    of_amount: str | None = None
    side: Literal["both", "numerator", "denominator"] = "both"
    required: bool = False  # without rows of this part the measure is not collected (M) for the unit and period
    date: str | None = None  # of a yes/no: the day that says yes

    def expressions(self) -> list[str]:
        """Everything of it that is SQL."""
        given = [self.agency, self.when, *self.without.values(), self.counts, self.amount, self.of_amount, self.date]
        return [text for text in given if text is not None]


class Tally(Strict):
    """One column of a file's `counted` model, told row by row of the fact, so that the rows behind a count can be listed.

    With `on` a flow: rows whose day `on` lies in the period. With `stock` sums of flows up to a day: `start.x` up to the day
    before the period, `finish.x` up to its cut-off. With neither: rows for which `when` holds. `as_of` is the night's instant.
    """

    on: str | None = None
    when: str = "true"
    amount: str = "1"
    stock: str | None = None


PART = tuple(Part.model_fields)


class Measure(Strict):
    """One version of a measure. Made in one of three ways: from the rows of `parts` (one part is written without the word),
    as `numerator` and `denominator` over the columns of the file's `counted` model, or by a hand-written `model`.
    """

    id: str
    version: int = 1
    kind: Kind
    unit_vi: str
    title_vi: str
    numerator_vi: str
    denominator_vi: str = ""
    exclusions_vi: str = "Không có"
    empty_vi: str
    decimals: int = 0
    duties: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()  # filled from the file
    periods: Annotated[tuple[PeriodKind, ...], Field(min_length=1)]
    units: Literal["all", "agency", "one_stop", "province"] = "all"
    valid_from: date | None = None  # periods that end on or after it; none = always
    valid_to: date | None = None  # and before it
    contracts: tuple[int, ...] = ()  # of each feed the least contract version that has the columns; filled from them
    once: bool = False  # of a ratio: a unit is 1 of 1 however many of its rows say so
    guarded: bool = False  # cells of fewer than 5 people are not printed
    over_100: bool = False  # of a ratio: the numerator may be the greater
    below_0: bool = False  # of a ratio: the numerator may be negative
    adds_up: bool = True  # units' values add up to their level's and the province's; else the province has its own alone
    why: str = ""  # of a measure that no duty, criterion or annex asks for: what it is there for
    dims: tuple[str, ...] = ()  # breakdowns: names of the file's dimensions, e.g. "kind" or "kind,post_level"
    parts: tuple[Part, ...] = ()
    numerator: str | None = None
    denominator: str | None = None
    outside: dict[str, str] = Field(default_factory=dict)  # Vietnamese name → counts that are in neither
    model: str | None = None
    made_of: Literal["rows", "figures"] = "rows"  # figures: its `model` reads what the others gave, the province's too
    rows_of: str | None = None  # of a hand-written one: the measure whose rows it is made of

    @model_validator(mode="before")
    @classmethod
    def _one_part_without_the_word(cls, given: Any) -> Any:
        own = {name: given[name] for name in PART if name in given}
        if own and given.get("parts"):
            raise ValueError(f"{given.get('id')}: {', '.join(own)} stand in its parts")
        return {k: v for k, v in given.items() if k not in own} | {"parts": [own]} if own else given

    @model_validator(mode="after")
    def _is_made_in_one_way(self) -> "Measure":
        if (bool(self.parts), self.numerator is not None, self.model is not None).count(True) != 1:
            raise ValueError(f"{self.id}: give rows (when, counts, ...), a numerator over counts, or a model: one of them")
        if (self.kind in ("ratio", "yes_no")) != bool(self.denominator_vi):
            raise ValueError(f"{self.id}: a ratio and a yes/no have a denominator_vi, other kinds have none")
        if self.made_of == "figures" and not self.model:
            raise ValueError(f"{self.id}: made of figures by which model?")
        if unknown := sorted({name for part in self.parts for name in part.voids if name not in part.without}):
            raise ValueError(f"{self.id}: {', '.join(unknown)} voids, but is not in `without`")
        if any(part.voids for part in self.parts) and self.collected_by != "rows":
            raise ValueError(f"{self.id}: voids are for measures with a required part")
        if self.dims and len(self.parts) != 1:
            raise ValueError(f"{self.id}: dims are for measures of one part")
        return self

    @property
    def key(self) -> str:
        """`plan_completion_rate@1`."""
        return f"{self.id}@{self.version}"

    @property
    def collected_by(self) -> Literal["feed", "rows", "either"]:
        """What tells that a unit is collected: its feeds; rows of a required part beside them; or rows of others about it."""
        if any(part.required for part in self.parts):
            return "rows"
        return "either" if any(part.agency != OWN_AGENCY for part in self.parts) else "feed"


def _least_contract(feed: str, fact: str, own: str, measure: dict[str, Any]) -> int:
    """The least version of a feed's contract that has every column which a measure asks of its rows."""
    if feed not in feeds():
        return 1  # told later
    parts = measure.get("parts") or [measure]
    asked = [part for part in parts if part.get("rows") == (fact if feed == own else f"fct_{feed}")]
    used = {name for part in asked for name in ROW.findall(str({k: part[k] for k in part.keys() & set(PART)}))}
    later = {name: agreed.version for agreed in reversed(versions(feed)) for name in agreed.stored}
    return max([1, *(later[name] for name in used & later.keys())])


class Day(Strict):
    """A day that definitions rest on, said once: expressions name it `days.<name>`, SQL by hand `day_of("<name>")`."""

    on: date
    source: str  # where it is read, or that nobody has verified it


def _with_days(given: Any, days: dict[str, Any]) -> Any:
    """A file with every `days.<name>` replaced: the day itself where nothing else stands, an SQL date within an expression."""
    if isinstance(given, dict):
        return {name: _with_days(value, days) for name, value in given.items()}
    if isinstance(given, list):
        return [_with_days(value, days) for value in given]
    if not isinstance(given, str) or not (names := set(DAY.findall(given))):
        return given
    if unknown := sorted(names - days.keys()):
        raise ValueError(f"no day {', '.join(unknown)} under `days`")
    return days[DAY.sub(r"\1", given)]["on"] if DAY.fullmatch(given) else DAY.sub(lambda found: f"date '{days[found[1]]['on']}'", given)


class MeasureFile(Strict):
    """definitions/<feed>.yaml: a feed's fact and its measures."""

    feed: str
    fact: str = ""  # a hand-written fact model; none = fct_<feed>, made from the contract
    spoken: str = ""  # the model whose rows tell which units the feed speaks of; none = the fact
    first_on: str | None = None  # the first day that any row speaks of, an aggregate over `spoken`; none = every day
    dimensions: dict[str, str] = Field(default_factory=dict)  # name → expression over row and period
    days: dict[str, Day] = Field(default_factory=dict)
    counted: str | None = None  # the model whose columns `numerator` and `denominator` are over
    counted_by: str = ""  # its column that is a dimension, '' = all
    tallies: dict[str, Tally] = Field(default_factory=dict)  # what its columns count of the fact's rows
    measures: tuple[Measure, ...]

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, given: Any) -> Any:
        given = _with_days(given, given.get("days", {}))
        fact = given.get("fact") or f"fct_{given['feed']}"
        filled = []
        for one in given["measures"]:
            measure = {"feeds": [given["feed"]]} | one
            if "parts" in measure:
                measure["parts"] = [{"rows": fact} | part for part in measure["parts"]]
            elif measure.keys() & set(PART):
                measure = {"rows": fact} | measure
            measure["contracts"] = measure.get("contracts") or [
                _least_contract(feed, fact, given["feed"], measure) for feed in measure["feeds"]
            ]
            filled.append(measure)
        return given | {"measures": filled}

    @model_validator(mode="after")
    def _names_exist(self) -> "MeasureFile":
        for measure in self.measures:
            if unknown := sorted(set(measure.feeds) - set(feeds())):
                raise ValueError(f"{measure.id}: unknown feeds {unknown}")
            if unknown := sorted({n for dim in measure.dims for n in dim.split(",")} - set(self.dimensions)):
                raise ValueError(f"{measure.id}: unknown dimensions {unknown}")
            if measure.numerator is not None and not self.counted:
                raise ValueError(f"{measure.id}: a numerator over counts needs the file's `counted`")
            over = " ".join([measure.numerator or "", measure.denominator or "", *measure.outside.values()])
            if unknown := sorted(set(re.findall(r"[a-z]\w*", over)) - set(self.tallies)):
                raise ValueError(f"{measure.id}: no tally {', '.join(unknown)}")
        if len({m.key for m in self.measures}) < len(self.measures):
            raise ValueError("a measure and version stands twice")
        return self

    @model_validator(mode="after")
    def _columns_exist(self) -> "MeasureFile":
        """A slip of the pen is told here, with the measure's name; hand-written facts are left to dbt."""
        for measure in self.measures:
            for part in measure.parts:
                if part.rows == self.fact or part.rows.removeprefix("fct_") not in feeds():
                    continue
                known = {*columns_of(part.rows.removeprefix("fct_")), "_delivery", "_line", "_flags"}
                dims = [self.dimensions[name] for dim in measure.dims for name in dim.split(",") if name in self.dimensions]
                used = {name for text in [*part.expressions(), *dims] for name in ROW.findall(text)}
                if unknown := sorted(used - known):
                    raise ValueError(f"{measure.id}: {part.rows} has no {', '.join(unknown)}")
        return self

    @property
    def model(self) -> str:
        """The dbt model made from it; "" when all its measures are hand-written."""
        return f"measure_{self.feed}" if any(m.model is None for m in self.measures) else ""

    @property
    def telling(self) -> str:
        """The model whose rows tell which units the feed speaks of."""
        return self.spoken or self.fact or self.made_fact

    @property
    def made_fact(self) -> str:
        """The fact made from the feed's contract; "" when it is hand-written or the rows are counts."""
        return "" if self.fact else f"fct_{self.feed}"


@lru_cache
def definition(feed: str) -> MeasureFile:
    """The definitions of one feed. Raises ConfigError naming file and what is wrong."""
    path = DEFINITIONS / f"{feed}.yaml"
    try:
        return MeasureFile.model_validate(read_yaml(path))
    except ValueError as error:
        raise ConfigError(f"{path.name}: {error}") from error


def measure_files() -> list[MeasureFile]:
    """All definitions, by feed."""
    return [definition(path.stem) for path in sorted(DEFINITIONS.glob("*.yaml"))]


def every_measure() -> list[Measure]:
    """All measures, by feed and place in its file."""
    return [measure for file in measure_files() for measure in file.measures]


def measure_named(name: str, version: int | None = None) -> tuple[MeasureFile, Measure]:
    """A measure with its file: `on_time_rate` (its newest version) or `on_time_rate@1`. Raises ConfigError when there is none."""
    wanted, _, number = name.partition("@")
    number = number or str(version or "")
    found = [(file, m) for file in measure_files() for m in file.measures if m.id == wanted and number in ("", str(m.version))]
    if not found:
        near = sorted({m.id for m in every_measure() if wanted[:6] in m.id})
        raise ConfigError(f"no measure {name!r}; `cchc measure list` shows all{'; perhaps ' + ', '.join(near) if near else ''}")
    return max(found, key=lambda pair: pair[1].version)

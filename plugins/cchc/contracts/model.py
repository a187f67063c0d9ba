"""What a feed's contract says: columns, types, keys, row rules, delivery rules, personal data."""

from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cchc.contracts.safe_yaml import read_yaml
from cchc.errors import ConfigError

FEEDS = Path(__file__).parent / "feeds"
PERIOD = r"^(P\d{4}-\d{4}|\d{4}(-(Q[1-4]|H1|9M|(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?))?)$"  # docs/glossary.md, period
TEXT_TYPES = ("text", "code", "unit", "period")


class Strict(BaseModel):
    """No unknown words: a typing mistake in YAML is an error that names it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Mode(StrEnum):
    """How a delivery replaces the ones before it (design, Words)."""

    SNAPSHOT = "snapshot"  # the source's whole present state
    CHANGES = "changes"  # new and changed rows, merged by key and version
    WINDOW = "window"  # everything of the period it names


class Personal(StrEnum):
    """What happens to personal data at acceptance (decision 11)."""

    DROP = "drop"  # never leaves the encrypted bytes
    HASH = "hash"  # becomes a keyed hash


class Column(Strict):
    """One column: `type` decides the table's type, the cast and the message for a bad cell."""

    type: Literal["text", "code", "integer", "amount", "decimal", "date", "instant", "boolean", "unit", "period"]
    vi: str  # the header a clerk writes
    note: str = ""  # what the name alone does not say
    example: str | None = None  # the cell of the example file; none = made from the type
    required: bool = False
    allowed: tuple[str, ...] = ()
    min: str | None = None
    max: str | None = None
    max_length: int = 500
    personal: Personal | None = None
    derived: bool = False  # filled by the intake, not read from the file


class RowRule(Strict):
    """A rule over one row: `left op right`, where `right` is a column, a literal or `arrived_at`. NULL on a side passes.

    `requires`: where `left` has a value, the column `right` has one too. `when`: only rows with these values are asked.
    """

    id: str
    left: str
    op: Literal["<=", "<", ">=", ">", "=", "!=", "requires"]
    right: str
    when: dict[str, str] = {}
    action: Literal["quarantine", "flag"] = "quarantine"
    vi: str


class DeliveryRule(Strict):
    """A rule over a delivery's statistics; compiles to an expectation of the feed's suite."""

    id: str
    statistic: str
    min: float | None = None
    max: float | None = None
    severity: Literal["critical", "warning"]
    vi: str


Weight = Literal["blocking", "advisory", "off"]
ADVISORY, BLOCKING = "drift", "drift_blocking"  # the rule of an accepted delivery whose form differs; the night holds the second


class Drift(Strict):
    """What a change of a file's form against the delivery before does: hold the delivery, tell the sender, or nothing.

    Blocking by default is what changes values without any cell being refused.
    """

    new_column: Weight = "advisory"
    lost_column: Weight = "advisory"
    renamed_column: Weight = "advisory"  # a required one is refused anyway
    sheet: Weight = "advisory"
    type: Weight = "advisory"
    date_format: Weight = "blocking"
    number_format: Weight = "blocking"


STATISTICS = ("rows_accepted_or_unchanged", "quarantined_share", "rows_ratio_to_previous", "units_ratio_to_previous")


def fits(kind: str, column: Column, value: str) -> bool:
    """Whether a delivery's statistic `<kind>.<column>[.<value>]` can be computed of `column`; `_change`: against the delivery before."""
    match kind.removesuffix("_change"):
        case "completeness":
            return not value
        case "age_days":
            return not value and column.type in ("date", "instant") and kind == "age_days"
        case "share":
            return value in column.allowed
    return False


class Contract(Strict):
    """A feed's contract; `accepted.<feed>` and the feed's suite are made from it."""

    feed: str
    version: int
    title_vi: str
    purpose: str = ""  # what the feed is for, in a sentence
    scope: Literal["own", "province"] = "own"  # whom a sender may speak of: itself and its units, or any unit of the province
    mode: Mode
    period_column: str | None = None  # of a `window` feed: names the period that a delivery replaces
    key: tuple[str, ...]
    version_column: str | None = None
    columns: dict[str, Column]
    rows: tuple[RowRule, ...] = ()
    delivery: Annotated[tuple[DeliveryRule, ...], Field(min_length=1)]
    drift: Drift = Drift()

    @model_validator(mode="after")
    def _names_exist(self) -> "Contract":
        named = {*self.key, *(r.left for r in self.rows), *(r.right for r in self.rows if r.op == "requires")}
        named |= {name for rule in self.rows for name in rule.when} | {n for n in (self.version_column, self.period_column) if n}
        if unknown := sorted(named - set(self.stored)):
            raise ValueError(f"unknown or dropped columns {unknown}")
        if self.key[0] != "agency_code":
            raise ValueError("the key starts with agency_code (docs/architecture.md, scale rule 1)")
        return self

    @model_validator(mode="after")
    def _statistics_are_known(self) -> "Contract":
        """A statistic that nobody computes would be empty, and what is empty passes every bound."""
        for rule in self.delivery:
            kind, _, rest = rule.statistic.partition(".")
            name, _, value = rest.partition(".")
            column = self.stored.get(name)
            if rule.statistic not in STATISTICS and not (column and fits(kind, column, value)):
                raise ValueError(f"{rule.id}: unknown statistic {rule.statistic}")
            if rule.min is None and rule.max is None:
                raise ValueError(f"{rule.id}: needs min or max")
        return self

    @model_validator(mode="after")
    def _windows_name_their_period(self) -> "Contract":
        if (self.mode is Mode.WINDOW) != (self.period_column is not None):
            raise ValueError("period_column stands in `window` contracts and only there")
        if self.period_column and (self.period_column not in self.key or self.columns[self.period_column].type != "period"):
            raise ValueError(f"period_column {self.period_column} must be of type period and part of the key")
        return self

    @property
    def stored(self) -> dict[str, Column]:
        """The columns kept after acceptance: all but the dropped personal ones."""
        return {name: c for name, c in self.columns.items() if c.personal is not Personal.DROP}

    @property
    def quotable(self) -> tuple[str, ...]:
        """The columns whose cells may be repeated outside the accepted rows: in quarantine, slips, messages.

        The key, which a sender finds its row by, and types that can't hold a person's name, address, id or telephone
        number by mistake: free text, free codes and numbers stay out, though nobody declared them personal (decision 11).
        """
        safe = ("unit", "period", "date", "instant", "boolean")
        return tuple(n for n, c in self.stored.items() if c.personal is None and (n in self.key or c.allowed or c.type in safe))


@lru_cache
def contract(feed: str, version: int | None = None) -> Contract:
    """The contract of `feed`, the newest unless `version` is given.

    Raises ConfigError when there is none or it does not read.
    """
    found = {int(p.stem.rsplit("_v", 1)[1]): p for p in FEEDS.glob(f"{feed}_v*.yaml")}
    if not found or (version and version not in found):
        raise ConfigError(f"no contract for feed {feed!r} version {version or 'any'}; there are: {', '.join(feeds())}")
    path = found[version or max(found)]
    try:
        return Contract.model_validate(read_yaml(path))
    except ValueError as error:
        raise ConfigError(f"{path.name}: {error}") from error


def versions(feed: str) -> list[Contract]:
    """All contracts of `feed`, oldest first; old deliveries are read by theirs."""
    found = sorted(int(p.stem.rsplit("_v", 1)[1]) for p in FEEDS.glob(f"{feed}_v*.yaml"))
    return [contract(feed, number) for number in found]


def feeds() -> list[str]:
    """The names of all feeds that have a contract."""
    return sorted({p.stem.rsplit("_v", 1)[0] for p in FEEDS.glob("*_v*.yaml")})

"""What a feed's contract says: columns, types, keys, row rules, delivery rules, personal data."""

from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cchc.contracts.safe_yaml import read_yaml
from cchc.errors import ConfigError

FEEDS = Path(__file__).parent / "feeds"


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

    type: Literal["text", "code", "integer", "amount", "date", "instant", "boolean", "unit"]
    vi: str  # the header a clerk writes
    required: bool = False
    allowed: tuple[str, ...] = ()
    min: str | None = None
    max: str | None = None
    max_length: int = 500
    personal: Personal | None = None
    derived: bool = False  # filled by the intake, not read from the file


class RowRule(Strict):
    """A rule over one row: `left op right`, where `right` is a column, a literal or `as_of`. NULL on a side passes."""

    id: str
    left: str
    op: Literal["<=", "<", ">=", ">", "=", "!=", "in"]
    right: str
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


class Contract(Strict):
    """A feed's contract; `accepted.<feed>` and the feed's suite are made from it."""

    feed: str
    version: int
    title_vi: str
    mode: Mode
    key: tuple[str, ...]
    version_column: str | None = None
    columns: dict[str, Column]
    rows: tuple[RowRule, ...] = ()
    delivery: Annotated[tuple[DeliveryRule, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _names_exist(self) -> "Contract":
        named = {*self.key, *(r.left for r in self.rows), *([self.version_column] if self.version_column else [])}
        unknown = sorted(named - set(self.columns))
        if unknown:
            raise ValueError(f"unknown columns {unknown}")
        if self.key[0] != "agency_code":
            raise ValueError("the key starts with agency_code (docs/architecture.md, scale rule 1)")
        return self

    @property
    def stored(self) -> dict[str, Column]:
        """The columns kept after acceptance: all but the dropped personal ones."""
        return {name: c for name, c in self.columns.items() if c.personal is not Personal.DROP}


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


def feeds() -> list[str]:
    """The names of all feeds that have a contract."""
    return sorted({p.stem.rsplit("_v", 1)[0] for p in FEEDS.glob("*_v*.yaml")})

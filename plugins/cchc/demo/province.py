"""The province folder as the generator sees it: senders, their units, their sources, the working days."""

import csv
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from cchc.connectors.sources import Source, read_sender
from cchc.demo.facts import FIRST_DAY, PROFILES, SEED, Profile


@dataclass(frozen=True)
class Body:
    """A sender: its slug (the YAML's stem), its code and name, its communes, its sources, and since when it exists."""

    slug: str
    code: str
    name: str
    kind: str
    communes: tuple[str, ...]
    sources: dict[str, Source]
    since: date

    @property
    def profile(self) -> Profile:
        """How it works."""
        return PROFILES[self.slug]

    @property
    def units(self) -> tuple[str, ...]:
        """The body itself, then its communes."""
        return (self.code, *self.communes)

    def source(self, feed: str) -> Source:
        """The source of `feed`. Raises StopIteration when the YAML has none."""
        return next(source for source in self.sources.values() if source.feed == feed)

    def rng(self, feed: str) -> np.random.Generator:
        """Its own stream per feed: a change in one sender moves no other."""
        return np.random.default_rng([SEED, crc32(f"{self.slug}/{feed}".encode())])


@dataclass(frozen=True)
class Province:
    """Read once; everything that the reference data and the sources' YAML already say."""

    folder: Path
    kept: dict[str, Any] = field(default_factory=dict, compare=False)  # what several feeds tell of, made once

    def reference(self, table: str) -> list[dict[str, str]]:
        """The rows of reference/<table>.csv, all cells as text."""
        with open(self.folder / "reference" / f"{table}.csv", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    @cached_property
    def bodies(self) -> list[Body]:
        """All senders, in the order of their files' names."""
        units = {row["agency_code"]: row for row in self.reference("unit")}
        return [self._body(path, units) for path in sorted((self.folder / "sources").glob("*.yaml"))]

    @staticmethod
    def _body(path: Path, units: dict[str, dict[str, str]]) -> Body:
        sender = read_sender(path)
        own = units[sender.sender]
        below = tuple(c for c, u in units.items() if u["parent_code"] == sender.sender and u["kind"] == "commune")
        since = max(FIRST_DAY, date.fromisoformat(own["valid_from"]))
        return Body(path.stem, sender.sender, own["name_vi"], own["kind"], below, sender.sources, since)

    @cached_property
    def working_days(self) -> np.ndarray:
        """All working days of the calendar, ascending (datetime64[D])."""
        return np.array([row["day"] for row in self.reference("calendar_day") if row["is_working"] == "true"], "datetime64[D]")

    def working_day_after(self, day: date, number: int) -> date:
        """The `number`-th working day after `day`."""
        place = np.searchsorted(self.working_days, np.datetime64(day), side="right") + number - 1
        return self.working_days[place].astype(object)

    def last_working_day(self, day: date) -> date:
        """`day`, or the working day before it."""
        place = np.searchsorted(self.working_days, np.datetime64(day), side="right") - 1
        return self.working_days[place].astype(object)


def at(day: date, hour: int, minute: int) -> datetime:
    """A local wall-clock time without zone, as senders write it."""
    return datetime.combine(day, time(hour, minute))

"""Which of the product's 61 duties bind a province, whom they name there, and which of them nothing measures yet."""

import csv
import re
from dataclasses import dataclass, field
from pathlib import Path

from cchc.errors import ConfigError
from cchc.province.tables import template

COLUMNS = ("obligation", "directive", "clause", "duty_vi", "measure", "applies_to", "target", "target_kind", "direction", "periods",
           "due_periods", "due_on", "target_rule", "valid_from", "valid_to", "awaits_measure")  # fmt: skip
UNIT_COLUMNS = ("agency_code", "obligation", "directive", "valid_from", "valid_to")
BODY = re.compile(r"^(ủy ban nhân dân|uỷ ban nhân dân|ubnd) ")
Row = dict[str, str]


@dataclass(frozen=True)
class Duties:
    """The rows of directive.csv and obligation.csv."""

    directives: list[Row]
    obligations: list[Row]
    bound: set[str]  # ids of all duties of the chosen directives
    waiting: set[str]  # of those, the ones that nothing measures yet: they stand in the mart without data
    units: list[Row] = field(default_factory=list)  # obligation_unit.csv
    unnamed: list[str] = field(default_factory=list)  # names in the directives' lists that no unit has


def duties_of(chosen: list[str], catalogue: Path) -> Duties:
    """The duties of the `chosen` directives. A measure that is not in the catalogue (dbt_project/seeds/measure.csv) is awaited.

    Raises ConfigError for a directive that the product does not know.
    """
    known = {row["directive"]: row for row in template("directive")[1]}
    if unknown := [name for name in chosen if name not in known]:
        raise ConfigError(f"no directive {', '.join(unknown)} comes with the product; there are: {', '.join(known)}")
    measures = _periods_of_measures(catalogue)
    rows = [_of_province(row, measures) for row in template("obligation")[1] if row["directive"] in chosen]
    bound = {row["obligation"] for row in rows}
    measured = {row["obligation"] for row in rows if row["awaits_measure"] == "false"}
    return Duties([known[name] for name in chosen], rows, bound, bound - measured)


def named_in(duties: Duties, units: list[Row]) -> Duties:
    """The same duties with the lists' names found among the province's `units`; a list that names none of them is left out."""
    by_name = {_plain(unit["name_vi"]): unit for unit in units}
    listed = [row for row in template("obligation_unit")[1] if row["directive"] in {d["directive"] for d in duties.directives}]
    since = {(row["obligation"], row["directive"]): row["valid_from"] for row in duties.obligations}
    found = [
        {"agency_code": unit["agency_code"], "obligation": row["obligation"], "directive": row["directive"],
         "valid_from": since[row["obligation"], row["directive"]], "valid_to": ""}
        for row in listed if (unit := by_name.get(_plain(row["name_vi"])))
    ]  # fmt: skip
    filled = {(row["obligation"], row["directive"]) for row in found}
    kept = [row for row in duties.obligations if row["applies_to"] != "list" or (row["obligation"], row["directive"]) in filled]
    unnamed = [f"{row['name_vi']} ({row['obligation']} of {row['directive']})" for row in listed if _plain(row["name_vi"]) not in by_name]
    return Duties(duties.directives, kept, duties.bound, duties.waiting, found, unnamed)


def _periods_of_measures(catalogue: Path) -> dict[str, list[str]]:
    with open(catalogue, encoding="utf-8", newline="") as file:
        return {row["measure"]: row["periods"].split() for row in csv.DictReader(file)}


def _of_province(row: Row, measures: dict[str, list[str]]) -> Row:
    """The row as obligation.csv has it: of a made measure with the kinds of period that the measure is made for."""
    made = measures.get(row["measure"])
    kinds = {name: " ".join(k for k in row[name].split() if made is None or k in made) for name in ("periods", "due_periods")}
    awaited = made is None or not kinds["periods"]
    if awaited:
        kinds = {name: row[name] for name in kinds}
    return {name: row.get(name, "") for name in COLUMNS} | kinds | {"awaits_measure": str(awaited).lower()}


def _plain(name: str) -> str:
    """A body's name without what people leave out: `UBND huyện Đức Hòa` is `Huyện Đức Hòa`."""
    return BODY.sub("", " ".join(name.casefold().replace("-", " ").split()))

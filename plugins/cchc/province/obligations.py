"""Which of the product's 61 duties bind a province, and which of those can be judged today."""

import csv
from dataclasses import dataclass
from pathlib import Path

from cchc.errors import ConfigError
from cchc.province.tables import template

COLUMNS = ("obligation", "directive", "clause", "duty_vi", "measure", "applies_to", "target", "target_kind", "periods", "valid_from",
           "valid_to")  # fmt: skip
WHOM = ("province", "agency", "department", "district", "commune", "one_stop")


@dataclass(frozen=True)
class Duties:
    """The rows of directive.csv and obligation.csv, and what was left out of the latter."""

    directives: list[dict[str, str]]
    obligations: list[dict[str, str]]
    bound: set[str]  # ids of all duties of the chosen directives
    waiting: set[str]  # of those, the ones without any row that can be judged yet


def duties_of(chosen: list[str], catalogue: Path) -> Duties:
    """The duties of the `chosen` directives. Rows whose measure is not in the catalogue (dbt_project/seeds/measure.csv),
    or that bind a list of bodies, can't be judged yet and are left out: dbt's test obligations_can_be_judged refuses them.

    Raises ConfigError for a directive that the product does not know.
    """
    known = {row["directive"]: row for row in template("directive")[1]}
    if unknown := [name for name in chosen if name not in known]:
        raise ConfigError(f"no directive {', '.join(unknown)} comes with the product; there are: {', '.join(known)}")
    measures = _periods_of_measures(catalogue)
    rows = [row for row in template("obligation")[1] if row["directive"] in chosen]
    kept = [row for row in (_judgeable(row, measures) for row in rows) if row]
    bound = {row["obligation"] for row in rows}
    return Duties([known[name] for name in chosen], kept, bound, bound - {row["obligation"] for row in kept})


def _periods_of_measures(catalogue: Path) -> dict[str, list[str]]:
    with open(catalogue, encoding="utf-8", newline="") as file:
        return {row["measure"]: row["periods"].split() for row in csv.DictReader(file)}


def _judgeable(row: dict[str, str], measures: dict[str, list[str]]) -> dict[str, str] | None:
    periods = [kind for kind in row["periods"].split() if kind in measures.get(row["measure"], [])]
    if not periods or row["applies_to"] not in WHOM:
        return None
    return {name: row[name] for name in COLUMNS} | {"periods": " ".join(periods)}

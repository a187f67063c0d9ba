"""Do the cases see a wrong definition? Every predicate of every measure is bent in every way below; the cases must notice.

`cchc`'s own figures come from dbt; here the same predicates list the rows of the cases' units (measures/rows.py), mutant by
mutant, behind one night. On demand: `pytest -m long tests/warehouse/test_measure_mutations.py`.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

import psycopg
import pytest

from cchc.measures import Measure, MeasureFile, Part, measure_files
from cchc.measures.rows import rows_sql
from cchc.warehouse.connect import connect
from dbt_fixture import Warehouse, end
from test_measure_cases import CASES, built, unit_of, written  # noqa: F401  (`built` is the fixture of that night)

CAUGHT = Decimal("0.85")
BENDS = [
    (r"<=", "<"), (r"(?<![<>])<(?![=>])", "<="), (r">=", ">"), (r"(?<![<>])>(?!=)", ">="), (r"(?<![<>=!])=", "<>"), (r"<>", "="),
    (r"between (\S+) and (\S+)", r"between \1 + 1 and \2"), (r"between (\S+) and (\S+)", r"between \1 and \2 - 1"),
    (r"between (\S+) and (\S+)", r"between \1 - 1 and \2"), (r"between (\S+) and (\S+)", r"between \1 and \2 + 1"),
    (r"(?<!\S)and(?!\S)", "or"), (r"(?<!\S)or(?!\S)", "and"), (r"is not true", "is true"), (r"is not null", "is null"),
    (r"is null", "is not null"), (r"'(\w+)'", r"'not_\1'"), (r"coalesce\((row\.\w+), [^)]+\)", r"\1"), (r"(?<=[ ])\+ 1", ""),
    (r"period\.year_starts_on", "period.starts_on"), (r"period\.cutoff_on", "(period.cutoff_on - 1)"),
    (r"period\.cutoff_on", "(period.cutoff_on + 1)"),
]  # fmt: skip


def bent(expression: str) -> Iterator[str]:
    """An expression with one thing changed, in every place and way; whole conjuncts left out too."""
    for pattern, instead in BENDS:
        for found in re.finditer(pattern, expression):
            yield expression[: found.start()] + found.expand(instead) + expression[found.end() :]
    conjuncts = re.split(r" and (?![^(]*\))(?!\S+ *(?:and|$))", expression)
    if len(conjuncts) > 1:
        for place in range(len(conjuncts)):
            yield " and ".join(conjuncts[:place] + conjuncts[place + 1 :])


def mutants(measure: Measure) -> Iterator[tuple[str, Measure]]:
    """What was changed, and the measure that has it so."""
    for place, part in enumerate(measure.parts):
        for what, changed in _of_part(part):
            parts = (*measure.parts[:place], changed, *measure.parts[place + 1 :])
            yield f"{part.rows}: {what}", measure.model_copy(update={"parts": parts})


def _of_part(part: Part) -> Iterator[tuple[str, Part]]:
    for field in ("when", "counts", "agency"):
        for text in bent(" ".join(getattr(part, field).split())):
            yield f"{field} {text}", part.model_copy(update={field: text})
    for name, predicate in part.without.items():
        for text in ["false", *bent(" ".join(predicate.split()))]:
            yield f"without {text}", part.model_copy(update={"without": part.without | {name: text}})
    for field in ("amount", "of_amount"):
        if getattr(part, field) is not None:
            yield f"no {field}", part.model_copy(update={field: None})


def figures(connection: psycopg.Connection, file: MeasureFile, measure: Measure, cases: list[int]) -> list[str]:
    """The cases' figures by this definition, as cases write them."""
    units = sorted({unit_of(n, CASES[n], whose) for n in cases for whose in ("me", "other")})
    query = rows_sql(file, measure, lambda model: f"thu_nghiem_{'facts' if model.startswith('fct') else 'measures'}.{model}")
    sums = f"select agency_code, period_code, dim, fact, sum(numerator), sum(denominator) from ({query}) l " \
           "cross join lateral unnest(array_prepend(''::text, dims)) as dim group by 1, 2, 3, 4"  # fmt: skip
    told = defaultdict(list)
    for unit, period, dim, *rest in connection.execute(sums, {"units": units, "periods": None, "as_of": end("12-31")}):
        told[unit, period, dim].append(rest)
    asked = [(n, whose, dim) for n in cases for whose, dim in _asked(CASES[n])]
    return [_figure(measure, told[unit_of(n, CASES[n], whose), CASES[n].get("period", "2013"), dim], dim) for n, whose, dim in asked]


def _asked(case: dict) -> list[tuple[str, str]]:
    return [("me", ""), *([("other", "")] if "other" in case else []), *(("me", dim) for dim in case.get("dims", {}))]


def _figure(measure: Measure, sums: list, dim: str) -> str:
    top, of = (sum((row[n] or Decimal(0) for row in sums), Decimal(0)) for n in (1, 2))
    most = Decimal(1) if measure.kind == "yes_no" or measure.once else None
    top, of = (min(side, most) if most else side for side in (top, of))
    if dim and not top and not of:
        return "none"
    required = {part.rows for part in measure.parts if part.required}
    if required - {row[0] for row in sums}:
        return "–"
    return written((top, Decimal(1) if measure.kind == "yes_no" else of if measure.kind == "ratio" else None, True))


@pytest.mark.long
def test_the_cases_catch_most_wrong_definitions(built: Warehouse, capsys):  # noqa: F811
    caught, survived, invalid = 0, [], 0
    with connect("cchc_transformer", autocommit=True) as connection:
        for file, measure in [(one, m) for one in measure_files() for m in one.measures if m.parts]:
            cases = [n for n, case in enumerate(CASES) if case["measure"].partition("@")[0] == measure.id]
            right = figures(connection, file, measure, cases)
            for what, mutant in mutants(measure):
                try:
                    found = figures(connection, file, mutant, cases)
                except psycopg.Error:
                    invalid += 1
                    continue
                if found == right:
                    survived.append(f"{measure.key} {what}")
                caught += found != right
    with capsys.disabled():
        print(f"\n{caught} of {caught + len(survived)} wrong definitions caught ({invalid} are no SQL); survivors:", *survived, sep="\n  ")
    assert caught + len(survived) > 300
    assert caught >= CAUGHT * (caught + len(survived))

"""Do unit tests and hand-computed cases see a wrong status? Every line of the compliance SQL is bent, one place at a time.

First the model's unit tests are run over the bent statement, then, behind one night, the cases: the views are replaced in a
transaction, the mart's own statement is run over them, and all is rolled back. On demand:
`pytest -m long tests/warehouse/test_compliance_mutations.py`; survivors are listed.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from cchc.settings import Settings
from cchc.warehouse.connect import connect
from dbt_unit_tests import UnitTests
from test_compliance import CASES, UNITS, five  # noqa: F401  (the fixture of that night)

CAUGHT = Decimal("0.85")
Seen = dict[str, list[Any]]
MODELS = ("unit_predicate", "unit_obligation", "duty_figure", "reporting_compliance")
MART = MODELS[-1]
SCHEMA = "thu_nghiem_compliance"
TOLD = ("status", "value", "target", "previous_value", "first_broken_on", "first_broken_by")
BENDS = [
    (r"<=", "<"), (r"(?<![<>-])<(?![=>])", "<="), (r">=", ">"), (r"(?<![<>-])>(?!=)", ">="), (r"(?<![<>=!])=", "<>"), (r"<>", "="),
    (r"(?<!\S)and(?!\S)", "or"), (r"(?<!\S)or(?!\S)", "and"), (r"(?<!\S)not in(?!\S)", "in"), (r"is not null", "is null"),
    (r"is null", "is not null"), (r"'(\w+)'", r"'not_\1'"), (r" \+ 1", ""), (r" - 1", ""), (r"\bmin\(", "max("), (r"\bmax\(", "min("),
]  # fmt: skip
INLINED = re.compile(r"\b(log|delivery|named\.delivery_id|_delivery)\b")  # steps of staging that dbt has written into the statement
KEY = re.compile(r"^(?:and )?(\w+)\.(\w+) = (\w+)\.\2$")  # how rows find each other: bent, it is another question
DROPPED = re.compile(r"^(?:and|when) ")


def mutants(text: str) -> Iterator[tuple[str, str]]:
    """What was changed (its line), and the statement that has it so; whole conditions are left out too."""
    lines = text.split("\n")
    for place, line in enumerate(lines):
        bare = line.split("--")[0].strip()
        if not bare or KEY.match(bare) or INLINED.search(bare):
            continue
        changed = [line[: found.start()] + found.expand(instead) + line[found.end() :] for pattern, instead in BENDS
                   for found in re.finditer(pattern, line.split("--")[0])]  # fmt: skip
        for other in [*changed, *([""] if DROPPED.match(bare) else [])]:
            yield f"{bare}  →  {other.strip()}", "\n".join([*lines[:place], other, *lines[place + 1 :]])


def told(connection: psycopg.Connection, mart: str) -> list[Any]:
    """What the cases look at, and whom predicates and lists bind."""
    with connection.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        rows = {(r["agency_code"], r["obligation"], r["directive"], r["measure"], r["period_code"]): r for r in cursor.execute(mart)}
    keys = [(UNITS[case["unit"]], case["obligation"], case["directive"], case["measure"], case["period"]) for case in CASES]
    bound = sorted((unit, obligation, period) for unit, obligation, directive, _, period in rows if directive == "TN")
    return [tuple(rows[key][name] for name in TOLD) if key in rows else None for key in keys] + bound


def figures(connection: psycopg.Connection, sql: dict[str, str], name: str, text: str) -> list[Any]:
    """What the cases see with one model bent. Nothing stays."""
    try:
        with connection.transaction(force_rollback=True):
            connection.execute("set local statement_timeout = '30s'")
            if name != MART:
                connection.execute(f"create or replace view {SCHEMA}.{name} as {text}")
            return told(connection, text if name == MART else sql[MART])
    except psycopg.errors.QueryCanceled:
        return []


def compiled(config: Settings) -> dict[str, str]:
    """The statements as the night ran them."""
    folder = config.home / "dbt/target/compiled"
    return {name: next(Path(folder).glob(f"**/{name}.sql")).read_text(encoding="utf-8") for name in MODELS}


def noticed(connection: psycopg.Connection, sql: dict[str, str], units: UnitTests, right: Seen, name: str, text: str) -> bool:
    """Whether a unit test or a case sees it. Raises psycopg.Error when it is no SQL."""
    return units.told(connection, name, text) != right[name] or figures(connection, sql, name, text) != right["cases"]


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_unit_tests_and_cases_catch_most_wrong_statuses(five: Settings, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    caught, survived, invalid = 0, [], 0
    sql, units = compiled(five), UnitTests(five)
    with connect("cchc_transformer", autocommit=True) as connection:
        right: Seen = {name: units.told(connection, name, sql[name]) for name in MODELS} | {
            "cases": figures(connection, sql, MART, sql[MART])
        }
        assert all(right.values()) and None not in right["cases"]
        for name in MODELS:
            for what, text in mutants(sql[name]):
                try:
                    seen = noticed(connection, sql, units, right, name, text)
                except psycopg.Error:
                    invalid += 1
                    continue
                caught += seen
                survived += [] if seen else [f"{name}: {what}"]
    with capsys.disabled():
        print(f"\n{caught} of {caught + len(survived)} wrong statuses caught ({invalid} are no SQL); survivors:", *survived, sep="\n  ")
    assert caught + len(survived) > 100
    assert caught >= CAUGHT * (caught + len(survived))

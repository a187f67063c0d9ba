"""Every rule over a row, of every version of every contract, has a row that breaks it and one that keeps it."""

import csv
import io
from datetime import datetime

import pyarrow as pa
import pytest

from cchc.clock import ZONE
from cchc.connectors.sources import Source
from cchc.contracts import Contract, RowRule, contract, feeds, versions
from cchc.contracts.examples import ARRIVED, FULL_UNIT, example_csv
from cchc.intake.accept import request_for
from cchc.intake.check import Checked, Context, check
from cchc.readers import Tally, read_rows

RULES = [(agreed.feed, agreed.version, rule.id) for feed in feeds() for agreed in versions(feed) for rule in agreed.rows]
LOW = {"date": "2013-03-04", "instant": "2013-03-04T08:00", "integer": "5", "amount": "5", "decimal": "5"}
HIGH = {"date": "2013-03-05", "instant": "2013-03-05T08:00", "integer": "6", "amount": "6", "decimal": "6"}
PAST_ARRIVAL = {"date": "2013-04-01", "instant": "2013-04-01T08:00"}
SENT_AS = {"due_by": "due_at"}  # made at intake from what is sent


def full_row(agreed: Contract) -> dict[str, str]:
    _, full, _ = csv.reader(io.StringIO(example_csv(agreed)))
    return dict(zip([name for name, column in agreed.stored.items() if not column.derived], full, strict=True))


def broken(agreed: Contract, rule: RowRule) -> dict[str, str]:
    """The full example row with what the rule speaks of changed so that it does not hold."""
    left, kind = SENT_AS.get(rule.left, rule.left), agreed.columns[rule.left].type
    row = full_row(agreed) | rule.when
    if rule.op == "requires":
        return row | {left: rule.when.get(left) or row[left] or filled(agreed, left), rule.right: ""}
    if rule.right == "arrived_at":
        return row | {left: PAST_ARRIVAL[kind]}
    if rule.right not in agreed.columns:
        return row | {left: HIGH[kind]}
    low, high = (left, rule.right) if rule.op == ">=" else (rule.right, left)
    bounds = agreed.columns[left]
    if kind == "integer" and bounds.min == "2000":  # years
        return row | {low: "2013", high: "2014"}
    return row | {low: LOW[kind], high: HIGH[kind]}


def filled(agreed: Contract, name: str) -> str:
    column = agreed.columns[name]
    return column.allowed[0] if column.allowed else LOW.get(column.type, "có" if column.type == "boolean" else "A-1")


def may_be_empty(feed: str, version: int, rule: str) -> bool:
    agreed = contract(feed, version)
    (asked,) = [r for r in agreed.rows if r.id == rule]
    return not (agreed.columns[asked.left].required or asked.left in agreed.key)


def checked(agreed: Contract, row: dict[str, str]) -> Checked:
    source = Source.model_validate(
        {"feed": agreed.feed, "contract": agreed.version, "every": "month", "connect": {"kind": "file_drop", "glob": "a"},
         "read": {"kind": "csv"}}
    )  # fmt: skip
    units = pa.array([FULL_UNIT])
    context = Context(agreed, source, units, units, datetime.fromisoformat(ARRIVED).replace(tzinfo=ZONE), b"secret")
    sink = io.StringIO()
    csv.writer(sink).writerows([[agreed.columns[name].vi for name in row], list(row.values())])
    (batch,) = read_rows([sink.getvalue().encode()], request_for(source, agreed), Tally())
    return check(batch, context)


@pytest.mark.parametrize(("feed", "version", "rule"), RULES)
def test_a_rule_over_a_row_can_be_broken(feed: str, version: int, rule: str) -> None:
    agreed = contract(feed, version)
    (asked,) = [r for r in agreed.rows if r.id == rule]
    found = checked(agreed, broken(agreed, asked))
    told = {problem.rule for problem in found.problems}
    flags = (found.columns["_flags"][0].as_py() or "").split()
    assert rule in (flags if asked.action == "flag" else told)
    assert told <= {r.id for r in agreed.rows}, "only rules over the row, no cell that does not read"
    assert (found.passes is None) == (asked.action == "flag" and not told)


@pytest.mark.parametrize(("feed", "version"), sorted({(feed, version) for feed, version, _ in RULES}))
def test_the_full_example_keeps_every_rule(feed: str, version: int) -> None:
    agreed = contract(feed, version)
    found = checked(agreed, full_row(agreed))
    assert (found.problems, found.columns["_flags"][0].as_py()) == ([], None)


@pytest.mark.parametrize(("feed", "version", "rule"), [one for one in RULES if may_be_empty(*one)])
def test_what_is_not_known_breaks_no_comparison(feed: str, version: int, rule: str) -> None:
    agreed = contract(feed, version)
    (asked,) = [r for r in agreed.rows if r.id == rule]
    found = checked(agreed, broken(agreed, asked) | {SENT_AS.get(asked.left, asked.left): ""})
    assert rule not in {problem.rule for problem in found.problems} | set((found.columns["_flags"][0].as_py() or "").split())

"""A constructed example file per feed: one full row and one with nothing but what is asked for."""

import csv
import io

from cchc.contracts.model import Column, Contract

FULL_UNIT, LEAST_UNIT = "X01.01", "X01.02"  # nobody's codes
CELLS = {
    "unit": FULL_UNIT, "period": "2013-Q1", "integer": "1", "amount": "50000", "decimal": "1", "date": "2013-03-04",
    "instant": "2013-03-04T08:00", "boolean": "có", "text": "Nội dung ví dụ", "code": "A-1",
}  # fmt: skip
ARRIVED = "2013-03-31"  # the examples are of files that arrived that day


def example_csv(agreed: Contract) -> str:
    """The example file: the Vietnamese headers of what a sender is asked for, then the two rows."""
    asked = [name for name, column in agreed.stored.items() if not column.derived]
    full = {name: _cell(agreed.columns[name]) for name in asked}
    least = {name: full[name] for name in _asked_for(agreed, full)} | {"agency_code": LEAST_UNIT}
    sink = io.StringIO()
    rows = [[agreed.columns[name].vi for name in asked], *([row.get(name, "") for name in asked] for row in (full, least))]
    csv.writer(sink, lineterminator="\n").writerows(rows)
    return sink.getvalue()


def _cell(column: Column) -> str:
    if column.example is not None:
        return column.example
    return column.allowed[0] if column.allowed else CELLS[column.type]


def _asked_for(agreed: Contract, full: dict[str, str]) -> set[str]:
    """Required columns, and what a `requires` rule asks for once those are filled."""
    chosen = {name for name in full if agreed.columns[name].required or name in agreed.key}
    while True:
        more = {
            rule.right
            for rule in agreed.rows
            if rule.op == "requires" and rule.left in chosen and all(full[name] == value for name, value in rule.when.items())
        }
        if more <= chosen:
            return chosen
        chosen |= more

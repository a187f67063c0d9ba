"""The SQL of `accepted.<feed>`, generated from the contract; committed as a migration and held equal by a test."""

from cchc.contracts.model import Contract

SQL_TYPES = {
    "text": "text",
    "code": "text",
    "unit": "text",
    "integer": "bigint",
    "amount": "numeric(18,2)",
    "date": "date",
    "instant": "timestamptz",
    "boolean": "boolean",
}
BOOKKEEPING = {"_delivery": "bigint not null", "_line": "bigint not null", "_version": "timestamptz not null", "_flags": "text"}


def table_sql(contract: Contract) -> str:
    """`create table` of a feed's accepted rows: agency_code first, the contract's columns, then the bookkeeping.

    One row per accepted row of each delivery; which of them count is the cut's business, never this table's.
    No index on the key: the intake checks it within a delivery, the facts hold it, and it would double the load's cost.
    """
    order = sorted(contract.stored, key=lambda name: name != "agency_code")
    lines = [f"  {n} {SQL_TYPES[contract.columns[n].type]}{_not_null(contract, n)}" for n in order]
    lines += [f"  {name} {kind}" for name, kind in BOOKKEEPING.items()]
    body = ",\n".join(lines)
    return f"create table accepted.{contract.feed} (\n{body}\n);\n"


def index_sql(contract: Contract) -> str:
    """The one index of a feed's accepted rows: deliveries lie one after the other, so ranges of blocks find them."""
    return f"create index on accepted.{contract.feed} using brin (_delivery) with (pages_per_range = 32, autosummarize);\n"


def _not_null(contract: Contract, name: str) -> str:
    column = contract.columns[name]
    return " not null" if column.required or name in contract.key else ""

"""The SQL of `accepted.<feed>`, generated from its contracts; committed as migrations and held equal by a test.

One table holds the rows of all versions of a feed: the first version makes it, each later one adds its columns.
"""

from cchc.contracts.model import Contract, versions
from cchc.errors import ConfigError

SQL_TYPES = {
    "text": "text",
    "code": "text",
    "unit": "text",
    "integer": "bigint",
    "period": "text",
    "amount": "numeric(18,2)",
    "decimal": "numeric(18,4)",
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


def steps_sql(feed: str) -> list[str]:
    """The committed step of each version of a feed, oldest first: the table with its index, then what each version adds."""
    every = versions(feed)
    return [table_sql(every[0]) + index_sql(every[0])] + [alter_sql(every[:n], every[n]) for n in range(1, len(every))]


def alter_sql(older: list[Contract], newer: Contract) -> str:
    """`alter table` for a later version: new columns may be empty, for rows of older versions lack them; a column that is no
    longer asked for may be empty from then on. Raises ConfigError when a column's type or the feed's mode or key changes.
    """
    known = {name: column for agreed in older for name, column in agreed.stored.items()}
    changed = [n for n, c in newer.stored.items() if n in known and SQL_TYPES[c.type] != SQL_TYPES[known[n].type]]
    if changed or (newer.mode, newer.key) != (older[0].mode, older[0].key):
        raise ConfigError(f"{newer.feed} v{newer.version}: a version changes no type ({', '.join(changed)}), mode or key; make a new feed")
    changes = [f"  add column {n} {SQL_TYPES[c.type]}" for n, c in newer.stored.items() if n not in known]
    asked = [n for n in older[0].stored if all(_not_null(agreed, n) for agreed in older)]
    changes += [f"  alter column {n} drop not null" for n in asked if n not in newer.stored or not _not_null(newer, n)]
    return f"alter table accepted.{newer.feed}\n" + ",\n".join(changes) + ";\n"


def columns_of(feed: str) -> list[str]:
    """The columns of `accepted.<feed>` but the bookkeeping, in the table's order."""
    first, *later = versions(feed)
    order = sorted(first.stored, key=lambda name: name != "agency_code")
    return list(dict.fromkeys([*order, *(name for agreed in later for name in agreed.stored)]))


def _not_null(contract: Contract, name: str) -> str:
    column = contract.columns[name]
    return " not null" if column.required or name in contract.key else ""

"""Doubled keys inside one delivery, found and settled by the warehouse within the delivery's transaction."""

import json
from collections import Counter
from datetime import datetime
from operator import itemgetter

import psycopg

from cchc.contracts import Contract
from cchc.intake.tally import Known
from cchc.warehouse.query import one

CONFLICT_VI = "Trùng mã nhưng khác nội dung trong cùng một tệp. Đề nghị giữ lại một dòng đúng."


def settle_doubles(connection: psycopg.Connection, contract: Contract, delivery_id: int) -> tuple[int, dict[int, Known]]:
    """Drop exact doubles but the first; take out all rows of a key and version that differ among themselves.

    Returns the number of dropped doubles and the conflicting rows by line, which the caller quarantines.
    """
    keys, table = ", ".join(contract.key), f"accepted.{contract.feed}"
    content = ", ".join(contract.stored)
    same = f"""delete from {table} where _delivery = %(here)s and ctid in (
        select ctid from (select ctid, row_number() over (partition by {content}, _version order by _line) as n
                          from {table} where _delivery = %(here)s) numbered where n > 1)"""
    stamp = contract.version_column or "null::timestamptz"
    differ = f"""delete from {table} where _delivery = %(here)s and ctid in (
        select ctid from (select ctid, count(*) over (partition by {keys}, _version) as n
                          from {table} where _delivery = %(here)s) counted where n > 1)
        returning _line, {stamp}, {_as_text(contract)}"""
    here = {"here": delivery_id}
    dropped = connection.execute(same, here).rowcount
    rows = sorted(connection.execute(differ, here).fetchall(), key=itemgetter(0))
    return dropped, {line: _known(contract, json.loads(row), version) for line, version, row in rows}


def _as_text(contract: Contract) -> str:
    cells = ", ".join(f"'{name}', {name}::text" for name in contract.stored)
    return f"json_strip_nulls(json_build_object({cells}))::text"


def _known(contract: Contract, row: dict[str, str], version: datetime | None) -> Known:
    cells = {name: row[name] for name in contract.quotable if name in row}
    return Known(cells, {name: row[name] for name in contract.key}, version)


def keys_once(connection: psycopg.Connection, contract: Contract, delivery_id: int) -> bool:
    """Whether every key stands once in the delivery; several versions of a key may stand in a `changes` delivery."""
    keys, table = ", ".join(contract.key), f"accepted.{contract.feed}"
    query = f"select not exists (select from {table} where _delivery = %s group by {keys} having count(*) > 1)"
    return one(connection.execute(query, (delivery_id,)))[0]


def units_of(connection: psycopg.Connection, contract: Contract, delivery_id: int) -> Counter[str]:
    """The accepted rows of each unit in the delivery."""
    query = f"select agency_code, count(*) from accepted.{contract.feed} where _delivery = %s group by 1"
    return Counter(dict(connection.execute(query, (delivery_id,)).fetchall()))

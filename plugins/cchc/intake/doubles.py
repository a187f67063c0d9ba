"""Doubled keys inside one delivery, found and settled by the warehouse within the delivery's transaction."""

import json
from collections import Counter
from datetime import datetime
from operator import itemgetter

from adbc_driver_postgresql.dbapi import Cursor

from cchc.contracts import Contract
from cchc.intake.tally import Known

CONFLICT_VI = "Trùng mã nhưng khác nội dung trong cùng một tệp. Đề nghị giữ lại một dòng đúng."


def settle_doubles(cursor: Cursor, contract: Contract, delivery_id: int) -> tuple[int, dict[int, Known]]:
    """Drop exact doubles but the first; take out all rows of a key and version that differ among themselves.

    Returns the number of dropped doubles and the conflicting rows by line, which the caller quarantines.
    """
    keys, table = ", ".join(contract.key), f"accepted.{contract.feed}"
    content = ", ".join(contract.stored)
    same = f"""delete from {table} where _delivery = $1 and ctid in (
        select ctid from (select ctid, row_number() over (partition by {content}, _version order by _line) as n
                          from {table} where _delivery = $1) numbered where n > 1) returning _line"""
    stamp = contract.version_column or "null::timestamptz"
    differ = f"""delete from {table} where _delivery = $1 and ctid in (
        select ctid from (select ctid, count(*) over (partition by {keys}, _version) as n
                          from {table} where _delivery = $1) counted where n > 1)
        returning _line, {stamp}, {_as_text(contract)}"""
    cursor.execute(same, (delivery_id,))
    dropped = len(cursor.fetchall())
    cursor.execute(differ, (delivery_id,))
    return dropped, {
        line: _known(contract, json.loads(row), version) for line, version, row in sorted(cursor.fetchall(), key=itemgetter(0))
    }


def _as_text(contract: Contract) -> str:
    cells = ", ".join(f"'{name}', {name}::text" for name in contract.stored)
    return f"json_strip_nulls(json_build_object({cells}))::text"


def _known(contract: Contract, row: dict[str, str], version: datetime | None) -> Known:
    cells = {name: row[name] for name in contract.quotable if name in row}
    return Known(cells, {name: row[name] for name in contract.key}, version)


def keys_once(cursor: Cursor, contract: Contract, delivery_id: int) -> bool:
    """Whether every key stands once in the delivery; several versions of a key may stand in a `changes` delivery."""
    keys, table = ", ".join(contract.key), f"accepted.{contract.feed}"
    cursor.execute(f"select not exists (select from {table} where _delivery = $1 group by {keys} having count(*) > 1)", (delivery_id,))
    return cursor.fetchone()[0]


def units_of(cursor: Cursor, contract: Contract, delivery_id: int) -> Counter[str]:
    """The accepted rows of each unit in the delivery."""
    query = f"select agency_code, count(*) from accepted.{contract.feed} where _delivery = $1 group by 1"
    cursor.execute(query, (delivery_id,))
    return Counter(dict(cursor.fetchall()))

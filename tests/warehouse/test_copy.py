"""What goes into a table by binary COPY is what stands in it: every type, at its edges, in sliced batches too."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from cchc.contracts.tables import SQL_TYPES
from cchc.intake.cast import ARROW_TYPES
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.copy import copy_batches
from cchc.warehouse.roles import LOADER

EDGES = {
    "text": ["", "Nguyễn Văn Ả", "tab\tline\nback\\slash \\N ,\"'", None, "\U0001f600"],
    "integer": [0, -1, 2**63 - 1, -(2**63), None],
    "amount": [Decimal(text) for text in ("0.00", "0.01", "-0.01", "0.10", "10000.00", "9999999999999999.99", "-9999999999999999.99")],
    "decimal": [Decimal(text) for text in ("0.0001", "0.0100", "1.0001", "-10000.0010", "12345678.9000", "99999999999999.9999")],
    "date": [date(1, 1, 1), date(1899, 12, 31), date(1970, 1, 1), date(2000, 2, 29), date(9999, 12, 31), None],
    "instant": [datetime(1, 1, 2, tzinfo=UTC), datetime(1969, 12, 31, 23, 59, 59, 999999, UTC), datetime(2013, 5, 1, 7, tzinfo=UTC), None],
    "boolean": [True, False, None],
}  # fmt: skip


def stored(kind: str, batches: list[pa.RecordBatch]) -> list:
    with connect(LOADER) as connection:
        connection.execute(f"create temporary table told (line bigint, value {SQL_TYPES[kind]}) on commit drop")
        copy_batches(connection, ("told",), batches[0].schema, batches)
        return [value for (value,) in connection.execute("select value from told order by line")]


def batch_of(kind: str, values: list) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict(
        {"line": pa.array(range(len(values)), pa.int64()), "value": pa.array(values, ARROW_TYPES[kind])},
        pa.schema([("line", pa.int64()), ("value", ARROW_TYPES[kind])]),
    )


@pytest.mark.parametrize("kind", sorted(EDGES))
def test_every_type_keeps_its_edges(config: Settings, kind: str) -> None:
    whole = batch_of(kind, EDGES[kind])
    assert stored(kind, [whole]) == EDGES[kind]
    assert stored(kind, [whole.slice(0, 1), whole.slice(1, 0), whole.slice(1)]) == EDGES[kind]


@pytest.mark.parametrize(("kind", "scale"), [("amount", 2), ("decimal", 4)])
def test_ten_thousand_seeded_numbers_keep_every_digit(config: Settings, kind: str, scale: int) -> None:
    draw = random.Random(20131231)
    values = [Decimal(draw.randrange(-(10 ** draw.randrange(1, 18)), 10 ** draw.randrange(1, 18))).scaleb(-scale) for _ in range(10_000)]
    assert stored(kind, [batch_of(kind, values)]) == values


ROW = {"agency_code": "X01", "staff_id": "1", "kind": "civil_servant", "in_post_from": date(2013, 1, 1), "_delivery": 1, "_line": 2}


def test_what_breaks_on_the_way_is_raised_as_it_is_and_leaves_nothing(config: Settings) -> None:
    class BrokenError(Exception):
        pass

    def half() -> Iterator[pa.RecordBatch]:
        yield whole
        raise BrokenError

    whole = pa.RecordBatch.from_pylist([ROW | {"_version": datetime(2013, 1, 1, tzinfo=UTC)}])
    with pytest.raises(BrokenError), connect(LOADER) as connection:
        copy_batches(connection, ("accepted", "staff"), whole.schema, half())
    with connect(LOADER) as connection:
        assert connection.execute("select count(*) from accepted.staff").fetchone() == (0,)
        copy_batches(connection, ("accepted", "staff"), whole.schema, [whole])
        assert connection.execute("select agency_code, staff_id, in_post_from from accepted.staff").fetchone() == (
            "X01",
            "1",
            date(2013, 1, 1),
        )

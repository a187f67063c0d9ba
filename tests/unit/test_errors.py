"""What a foreign error may repeat: names of tables and columns, never a cell."""

import pytest

from cchc.errors import without_values

NAME = "Quàng Thị Kín"


@pytest.mark.parametrize(
    "message",
    [
        f'invalid input syntax for type integer: "{NAME}"',
        f'invalid input syntax for type timestamp with time zone: "{NAME}"\nLINE 1: select',
        f'date/time field value out of range: "{NAME}"',
        f'duplicate key value violates unique constraint "staff_pkey"\nDETAIL:  Key (full_name)=({NAME}) already exists.',
        f'new row for relation "staff" violates check constraint "c"\nDETAIL:  Failing row contains ({NAME}).',
        f'Database Error in model fct_staff (models/facts/fct_staff.sql)\n  invalid input syntax for type date: "{NAME}"\n  compiled code',
        f"Failed to parse string: '{NAME}' as a scalar of type int64",
        f'column "x" is of type date but expression is "{NAME}"\nCONTEXT:  COPY staff, line 3, column x: "{NAME}"',
    ],
)
def test_cells_go(message: str) -> None:
    told = without_values(message)
    assert NAME not in told and "Kín" not in told
    assert len(told) > 20


def test_names_of_tables_and_columns_stay() -> None:
    for message in ('column "x" of relation "accepted.staff" does not exist', "can't reach 'server.example'", "Got 3 results, expected 0"):
        assert without_values(message) == message

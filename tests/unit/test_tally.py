"""Doubled keys are found whatever order a file is in, and none are looked for where its order rules them out."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from cchc.contracts import contract
from cchc.intake import tally
from cchc.intake.tally import Running


@pytest.mark.parametrize("doubled, batches", [
    (False, [["a", "b"], ["c"]]),
    (True, [["a", "b"], ["b"]]),  # across two batches
    (True, [["a", "a"]]),
    (False, [["b", "a"], ["c"]]),
    (True, [["b", "a"], ["c", "b"]]),
    (True, [["a", "c"], ["b", "a"]]),
    (False, []),
])  # fmt: skip
def test_doubles_are_found_in_any_order(doubled: bool, batches: list[list[str]]) -> None:
    assert _taken(batches).may_hold_doubles() is doubled


def test_a_long_file_out_of_order_is_left_to_the_warehouse_and_one_in_order_keeps_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "KEYS_IN_MEMORY", 2)
    assert _taken([["b", "a"], ["c"]]).may_hold_doubles() is True  # nobody knows
    ordered = _taken([["a", "b"], ["c"]])
    assert ordered.may_hold_doubles() is False and ordered.keys == []


def _taken(batches: list[list[str]]) -> Running:
    running = Running(contract("dossier_log", 1), 1, datetime(2013, 1, 1, tzinfo=UTC))
    for batch in batches:
        running.accepted += len(batch)
        running._note_keys(pa.array(batch, pa.string()))
    return running

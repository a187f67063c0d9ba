"""What is counted while a delivery streams by: accepted rows, empty cells, quarantine."""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cchc.contracts import Contract, Personal
from cchc.intake.check import Checked

KEYS_IN_MEMORY = 500_000  # past that the warehouse looks for doubled keys itself
QUARANTINE = pa.schema(
    [("delivery_id", pa.int64()), ("line", pa.int64()), ("rule", pa.string()), ("column_name", pa.string()),
     ("message_vi", pa.string()), ("cells", pa.string())]
)  # fmt: skip


@dataclass
class Running:
    """The running counts of one delivery; `quarantine` holds one entry per row and broken rule."""

    contract: Contract
    delivery_id: int
    accepted: int = 0
    quarantined: int = 0
    nulls: dict[str, int] = field(default_factory=dict)
    units: Counter[str] = field(default_factory=Counter)
    keys: list[pa.Array] = field(default_factory=list)
    quarantine: list[dict[str, Any]] = field(default_factory=list)

    def take(self, checked: Checked, schema: pa.Schema) -> pa.RecordBatch:
        """Count a checked batch and return its passing rows in the table's columns."""
        rows = len(checked.columns["_line"])
        delivery = pa.array([self.delivery_id], pa.int64()).take(pa.nulls(rows, pa.int32()).fill_null(0))
        batch = pa.RecordBatch.from_arrays([(checked.columns | {"_delivery": delivery})[n] for n in schema.names], schema=schema)
        if checked.passes is not None:
            self._set_aside(checked)
            batch = batch.filter(checked.passes)
        self.accepted += batch.num_rows
        for name in self.contract.stored:
            self.nulls[name] = self.nulls.get(name, 0) + batch[name].null_count
        for share in pc.value_counts(batch["agency_code"]).to_pylist():
            self.units[share["values"]] += share["counts"]
        if self.accepted <= KEYS_IN_MEMORY:
            self.keys.append(pc.binary_join_element_wise(*(batch[k].cast(pa.string()) for k in self.contract.key), "\x1f"))
        return batch

    def may_hold_doubles(self) -> bool:
        """Whether some key stands twice among the accepted rows (True when there are too many to know here)."""
        if self.accepted > KEYS_IN_MEMORY:
            return True
        return bool(self.keys) and pc.count_distinct(pa.chunked_array(self.keys)).as_py() < self.accepted

    def refuse_lines(self, lines: list[int], rule: str, message_vi: str) -> None:
        """Put whole lines, known by number only, into quarantine."""
        self.quarantined += len(lines)
        self.quarantine += [self._entry(line, rule, "", message_vi, {}) for line in lines]

    def _set_aside(self, checked: Checked) -> None:
        bad = pc.indices_nonzero(pc.invert(checked.passes))
        self.quarantined += len(bad)
        rows = pa.RecordBatch.from_pydict(checked.columns).take(bad).to_pylist()
        at = dict(zip(bad.to_pylist(), rows, strict=True))
        for problem in checked.problems:
            for place in pc.indices_nonzero(problem.mask).to_pylist():
                row = at[place]
                self.quarantine.append(self._entry(row["_line"], problem.rule, problem.column, problem.message_vi, row))

    def _entry(self, line: int, rule: str, column: str, message_vi: str, row: dict) -> dict[str, Any]:
        """Only cells that read as their type and are nobody's personal data; the sender finds the rest by line."""
        plain = [n for n, c in self.contract.stored.items() if c.personal is not Personal.HASH and n != column]
        cells = {name: str(row[name]) for name in plain if row.get(name) is not None}
        return {"delivery_id": self.delivery_id, "line": line, "rule": rule, "column_name": column,
                "message_vi": message_vi, "cells": json.dumps(cells, ensure_ascii=False)}  # fmt: skip

    def quarantine_table(self) -> pa.Table:
        """The quarantine's rows, ready for COPY."""
        return pa.Table.from_pylist(self.quarantine, QUARANTINE)

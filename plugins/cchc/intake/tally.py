"""What is counted while a delivery streams by: accepted rows, empty cells, quarantine."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cchc.contracts import Contract
from cchc.intake.check import Checked

KEYS_IN_MEMORY = 100_000  # of a file that is not in their order; past that the warehouse looks for doubled keys itself
QUARANTINE = pa.schema(
    [("delivery_id", pa.int64()), ("line", pa.int64()), ("rule", pa.string()), ("column_name", pa.string()),
     ("message_vi", pa.string()), ("cells", pa.string()), ("row_key", pa.string()), ("version", pa.timestamp("us", tz="UTC"))]
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What may be kept of a refused row: cells that read well and are nobody's personal data, its key, its own stamp."""

    cells: dict[str, str] = field(default_factory=dict)
    key: dict[str, str] | None = None  # None: a part of the key itself is wrong
    version: datetime | None = None


@dataclass
class Running:
    """The running counts of one delivery; `quarantine` holds one entry per row and broken rule."""

    contract: Contract
    delivery_id: int
    arrived_at: datetime
    accepted: int = 0
    quarantined: int = 0
    newest: int | None = None  # version among the accepted rows, in microseconds since 1970
    nulls: dict[str, int] = field(default_factory=dict)
    units: Counter[str] = field(default_factory=Counter)
    keys: list[pa.Array] = field(default_factory=list)
    in_order: bool = True  # each key after the one before it, as most logs are sent
    last_key: str | None = None
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
        self.newest = max(filter(None, (self.newest, pc.max(batch["_version"].cast(pa.int64())).as_py())), default=None)
        for name in self.contract.stored:
            self.nulls[name] = self.nulls.get(name, 0) + batch[name].null_count
        for share in pc.value_counts(batch["agency_code"]).to_pylist():
            self.units[share["values"]] += share["counts"]
        if batch.num_rows:
            self._note_keys(pc.binary_join_element_wise(*(batch[k].cast(pa.string()) for k in self.contract.key), "\x1f"))
        return batch

    def _note_keys(self, keys: pa.Array) -> None:
        if self.in_order:
            begins_after = keys.null_count == 0 and (self.last_key is None or self.last_key < keys[0].as_py())
            self.in_order = begins_after and pc.all(pc.less(keys[:-1], keys[1:]), min_count=0).as_py()
            self.last_key = keys[-1].as_py()
        if self.accepted <= KEYS_IN_MEMORY:
            self.keys.append(keys)
        else:
            self.keys.clear()

    def may_hold_doubles(self) -> bool:
        """Whether some key stands twice among the accepted rows (True when there are too many to know here)."""
        if self.in_order:
            return False
        return self.accepted > KEYS_IN_MEMORY or pc.count_distinct(pa.chunked_array(self.keys, pa.string())).as_py() < self.accepted

    def refuse_lines(self, lines: dict[int, Known], rule: str, message_vi: str) -> None:
        """Put whole lines into quarantine, with what is known of them."""
        self.quarantined += len(lines)
        self.quarantine += [self._entry(line, rule, "", message_vi, known) for line, known in lines.items()]

    def _set_aside(self, checked: Checked) -> None:
        bad = pc.indices_nonzero(pc.invert(checked.passes))
        self.quarantined += len(bad)
        rows = pa.RecordBatch.from_pydict(checked.columns).take(bad).to_pylist()
        at = dict(zip(bad.to_pylist(), rows, strict=True))
        faults = [(place, problem) for problem in checked.problems for place in pc.indices_nonzero(problem.mask).to_pylist()]
        failing: dict[int, set[str]] = defaultdict(set)
        for place, problem in faults:
            failing[place].add(problem.column)
        known = {place: self._known(row, failing[place]) for place, row in at.items()}
        self.quarantine += [self._entry(at[n]["_line"], p.rule, p.column, p.message_vi, known[n]) for n, p in faults]

    def _known(self, row: dict[str, Any], failing: set[str]) -> Known:
        """Never a cell that failed, in none of the row's entries: nobody knows what stands in it."""
        cells = {name: str(row[name]) for name in self.contract.quotable if name not in failing and row.get(name) is not None}
        key = {name: str(row[name]) for name in self.contract.key if row.get(name) is not None and name not in failing}
        stamp = None if self.contract.version_column in failing else row.get(self.contract.version_column or "")
        version = min(stamp, self.arrived_at) if stamp else None  # a stamp from after the arrival is a typing mistake
        return Known(cells, key if len(key) == len(self.contract.key) else None, version)

    def _entry(self, line: int, rule: str, column: str, message_vi: str, known: Known) -> dict[str, Any]:
        key = json.dumps(known.key, ensure_ascii=False) if known.key else None
        return {"delivery_id": self.delivery_id, "line": line, "rule": rule, "column_name": column, "message_vi": message_vi,
                "cells": json.dumps(known.cells, ensure_ascii=False), "row_key": key, "version": known.version}  # fmt: skip

    def quarantine_table(self) -> pa.Table:
        """The quarantine's rows, ready for COPY."""
        return pa.Table.from_pylist(self.quarantine, QUARANTINE)

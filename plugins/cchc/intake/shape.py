"""How a delivery's file looks: its headers, sheets, and the way its cells write dates and numbers. Never a cell itself."""

import json
import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cchc.contracts import Contract
from cchc.intake.check import Context
from cchc.readers import Request, Tally

SAMPLE = 300  # rows, spread over the delivery's first batch
FEWEST, SHARE = 10, 0.9  # ours: filled cells below which a column's look is not told, and how many of them must agree
RECORDS = ("json", "jsonl", "xml")  # a record leaves out what it does not have: a name not met is no lost column
CONTROLS = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
ISO, SLASHED, SERIAL = r"^\d{4}-\d{2}-\d{2}", r"^\d{1,2}[/.-]\d{1,2}[/.-]\d{4}", r"^\d{4,6}([.,]\d+)?$"
DAY_FIRST, MONTH_FIRST = r"^(1[3-9]|2\d|3[01])[/.-]\d{1,2}[/.-]", r"^\d{1,2}[/.-](1[3-9]|2\d|3[01])[/.-]"
NUMBER = r"^[+-]?[\d.,]*\d[\d.,]*$"
COMMA = r"^[+-]?(\d+,(\d{1,2}|\d{4,})|\d{1,3}(\.\d{3}){2,}|\d{1,3}(\.\d{3})+,\d+)$"  # 1.234.567 too
POINT = r"^[+-]?(\d+\.(\d{1,2}|\d{4,})|\d{1,3}(,\d{3}){2,}|\d{1,3}(,\d{3})+\.\d+)$"


@dataclass(frozen=True)
class Shape:
    """A file's form. `looks`: contract column → how its cells are written; `declared`: of which declaration they were read."""

    declared: str = ""
    records: bool = False
    headers: list[str] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    looks: dict[str, str] = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        """As it is written beside the delivery's headers."""
        return dict(vars(self))


def shape_of(first: list[pa.RecordBatch], tally: Tally, request: Request, context: Context) -> Shape:
    """The form of a delivery, from its reader's tally and a sample of its first rows."""
    source, agreed = context.source, context.contract
    declared = [agreed.version, request.headers, request.options, request.skip_rows, source.dates, source.instants, source.decimal]
    stamp = sha256(json.dumps(declared, ensure_ascii=False).encode()).hexdigest()[:16]
    looks = _looks(first[0], agreed) if first else {}
    return Shape(stamp, request.kind in RECORDS, [_plain(h) for h in tally.found if h.strip()], [_plain(s) for s in tally.sheets], looks)


def _plain(text: str) -> str:
    return CONTROLS.sub(" ", " ".join(text.split()))


def _looks(batch: pa.RecordBatch, agreed: Contract) -> dict[str, str]:
    told, sample = {}, spread(batch)
    for name, column in agreed.stored.items():
        if column.derived or name not in batch.schema.names:
            continue
        cells = sample[name].drop_null()
        look = look_of(cells, column.type) if len(cells) >= FEWEST else None
        if look:
            told[name] = look
    return told


def spread(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A sample of rows, from the batch's first to its last."""
    rows = np.unique(np.linspace(0, max(batch.num_rows - 1, 0), min(batch.num_rows, SAMPLE)).astype(np.int64))
    return batch.take(pa.array(rows))


def look_of(cells: pa.Array, kind: str) -> str | None:
    """How most of the cells are written, by the column's type: day_first, month_first, iso, serial; comma, point, whole; text.

    None where they do not tell: 01/02/2013 is either, 1,234 is either.
    """
    match kind:
        case "date" | "instant":
            return _date_look(cells)
        case "integer" | "amount" | "decimal":
            return _number_look(cells)
        case "text" | "code":
            return "whole" if _most(cells, r"^\d+$") else "text" if _most(cells, r"[^\d.,\s+-]") else None
    return None


def _date_look(cells: pa.Array) -> str | None:
    for pattern, look in ((ISO, "iso"), (SERIAL, "serial")):
        if _most(cells, pattern):
            return look
    if not _most(cells, SLASHED):
        return None
    day, month = _count(cells, DAY_FIRST), _count(cells, MONTH_FIRST)
    return None if bool(day) == bool(month) else "day_first" if day else "month_first"


def _number_look(cells: pa.Array) -> str | None:
    if not _most(cells, NUMBER):
        return "text" if not _count(cells, NUMBER) else None
    comma, point = _count(cells, COMMA), _count(cells, POINT)
    if comma or point:
        return None if comma and point else "comma" if comma else "point"
    return "whole" if _most(cells, r"^[+-]?\d+$") else None


def _count(cells: pa.Array, pattern: str) -> int:
    return pc.sum(pc.match_substring_regex(cells, pattern)).as_py() or 0


def _most(cells: pa.Array, pattern: str) -> bool:
    return _count(cells, pattern) >= SHARE * len(cells)

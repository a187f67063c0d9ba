"""The workbook handed back at a check: the sender's own cells, the bad ones coloured, the reasons beside; nobody keeps it.

The only place where a sender's own cells are shown again (decision 11): it goes to who brought the file.
"""

import os
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC
from pathlib import Path
from typing import Any

import pyarrow as pa

from cchc.intake.accept import request_for
from cchc.intake.check import Context
from cchc.intake.slip_book import Sheets
from cchc.readers import Refusal, Request, Tally, read_rows

MOST_ROWS = 100_000  # past that only the rows that need mending are shown
BAD, GOOD = "#FFC7CE", "Đạt"


def write_check_book(out: Path, blocks: Iterable[bytes], context: Context, summary: list[str], entries: list[dict[str, Any]]) -> None:
    """Write the workbook to `out`, readable by its owner alone."""
    sheets = Sheets(context.arrived_at.astimezone(UTC).replace(tzinfo=None, microsecond=0))
    sheet = sheets.book.add_worksheet("Kết quả kiểm tra")
    sheet.set_column(0, 0, 120)
    for row, words in enumerate(summary):
        sheets.write(sheet, row, 0, words, bold=row == 0)
    _cells(sheets, blocks, context, entries)
    with os.fdopen(os.open(out, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
        file.write(sheets.bytes())


def _cells(sheets: Sheets, blocks: Iterable[bytes], context: Context, entries: list[dict[str, Any]]) -> None:
    request = _every_column(context)
    reasons, bad = _by_line(context, entries)
    try:
        rows = _rows(blocks, request, reasons)
    except Refusal:
        return  # what can't be read as a whole has no cells; the summary says why
    sheet = sheets.book.add_worksheet("Dữ liệu")
    shown = [name for name in request.headers if any(row.get(name) is not None for row in rows)]
    head = ["Dòng", *(request.headers[name] for name in shown), "Kết quả"]
    for place, title in enumerate(head):
        sheet.set_column(place, place, 60 if place == len(head) - 1 else 18)
        sheets.write(sheet, 0, place, title, bold=True, border=1)
    for number, row in enumerate(rows, 1):
        line = row["_line"]
        sheets.write(sheet, number, 0, str(line), border=1)
        for place, name in enumerate(shown, 1):
            look = {"bg_color": BAD} if name in bad[line] else {}
            sheets.write(sheet, number, place, row.get(name) or "", border=1, **look)
        told = "; ".join(dict.fromkeys(reasons[line])) if line in reasons else GOOD
        sheets.write(sheet, number, len(head) - 1, told, border=1, **({"bg_color": BAD} if line in reasons else {}))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(rows), 1), len(head) - 1)


def _every_column(context: Context) -> Request:
    """The request of the intake, widened by the columns that the intake drops; none has to be there."""
    asked, source = request_for(context.source, context.contract), context.source
    columns = {n: source.columns.get(n, c.vi) for n, c in context.contract.columns.items() if not c.derived and n not in source.constants}
    return Request(asked.kind, asked.options, columns, (), asked.skip_rows, asked.fold_by, asked.decimal)


def _by_line(context: Context, entries: list[dict[str, Any]]) -> tuple[dict[int, list[str]], dict[int, set[str]]]:
    """Reasons and bad columns of each line; a rule over several columns marks those that it compares."""
    sides = {rule.id: {rule.left, rule.right} for rule in context.contract.rows}
    reasons: dict[int, list[str]] = defaultdict(list)
    bad: dict[int, set[str]] = defaultdict(set)
    for entry in entries:
        reasons[entry["line"]].append(entry["message_vi"])
        bad[entry["line"]] |= {entry["column_name"]} | sides.get(entry["rule"], set())
        if "due_by" in bad[entry["line"]]:
            bad[entry["line"]].add("due_at")  # derived from it
    return dict(reasons), bad


def _rows(blocks: Iterable[bytes], request: Request, reasons: dict[int, list[str]]) -> list[dict[str, Any]]:
    """The file's rows in order; lines that could not be split have a number only."""
    batches = list(read_rows(blocks, request, Tally()))
    rows = pa.Table.from_batches(batches).to_pylist() if batches else []
    seen = {row["_line"] for row in rows}
    rows += [{"_line": line} for line in reasons if line not in seen]
    if len(rows) > MOST_ROWS:
        rows = [row for row in rows if row["_line"] in reasons]
    return sorted(rows, key=lambda row: row["_line"])

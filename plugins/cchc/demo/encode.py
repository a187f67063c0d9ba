"""Rows to the bytes of a CSV, a workbook or JSON; the same rows give the same bytes."""

import csv
import io
import json
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache

import xlsxwriter

from cchc.connectors.sources import CsvFormat, SheetFormat, Source
from cchc.contracts import contract
from cchc.demo.facts import FIRST_DAY
from cchc.demo.look import Cell
from cchc.demo.province import at
from cchc.errors import ConfigError

MADE_ON = at(FIRST_DAY, 8, 0)  # the workbook's own date: fixed, so that its bytes are
TONES = "\u0300\u0301\u0303\u0309\u0323"


def encode(source: Source, headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """The bytes of a file of `source`."""
    if source.read.kind == "json":
        return _json(source.read.records, headers, rows)
    if isinstance(source.read, SheetFormat):
        return _workbook(source, source.read, headers, rows)
    if isinstance(source.read, CsvFormat):
        return in_encoding(_csv(source.read, headers, rows), source.read.encoding)
    raise ConfigError(f"the demonstration writes no {source.read.kind} files")


def in_encoding(text: str, encoding: str) -> bytes:
    """`text` in a declared encoding. Windows-1258 writes tones as marks of their own behind the letter."""
    if encoding != "windows-1258":
        return text.encode(encoding)
    return "".join(_tone_apart(letter) for letter in text).encode("cp1258")


@cache
def _tone_apart(letter: str) -> str:
    if letter.isascii():
        return letter
    parts = unicodedata.normalize("NFD", letter)
    tone = "".join(mark for mark in parts if mark in TONES)
    return unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in TONES)) + tone


def _csv(look: CsvFormat, headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=look.delimiter, lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows(rows)
    return out.getvalue()


def _json(path: str, headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    document: object = [dict(zip(headers, row, strict=True)) for row in rows]
    for step in reversed(path.split(".")):
        document = {step: document}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _workbook(source: Source, look: SheetFormat, headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """A clerk's workbook: a title over the header row, and a total row below where the source says that it has one."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": MADE_ON})
    bold = book.add_format({"bold": True})
    formats = {
        datetime: book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        date: book.add_format({"num_format": "dd/mm/yyyy"}),
    }
    sheet = book.add_worksheet(look.sheet)
    if look.header_row > 1:
        sheet.write_string(0, 0, contract(source.feed, source.contract).title_vi.upper(), bold)
        sheet.write_string(1, 0, "(Dữ liệu giả lập để trình diễn)")
    for place, header in enumerate(headers):
        sheet.write_string(look.header_row - 1, place, header, bold)
    total = [(source.skip_rows[0], *[None] * (len(headers) - 2), len(rows))] if source.skip_rows else []
    for line, row in enumerate([*rows, *total], start=look.header_row):
        for place, cell in enumerate(row):
            _write(sheet, line, place, cell, formats)
    book.close()
    return out.getvalue()


def _write(sheet: xlsxwriter.worksheet.Worksheet, line: int, place: int, cell: Cell, formats: dict) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, date):
        sheet.write_datetime(line, place, cell, formats[type(cell)])
    elif isinstance(cell, str):
        sheet.write_string(line, place, cell)
    else:
        sheet.write_number(line, place, cell)

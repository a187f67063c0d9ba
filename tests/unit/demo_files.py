"""Reads the demonstration's files back without the product's readers: one list of dicts per file, keyed by contract column."""

import csv
import io
import json
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cchc.connectors.sources import Source, read_sender
from cchc.demo import generate
from cchc.demo.look import headers, sent_columns

PROVINCE = Path(__file__).resolve().parents[2] / "dags/provinces/son-la"


MADE: list[Path] = []


def made_once(factory: pytest.TempPathFactory) -> Path:
    """An inbox with all files of the demonstration, generated once for all tests of a run."""
    if not MADE:
        inbox = factory.mktemp("demo") / "inbox"
        generate(inbox, PROVINCE)
        MADE.append(inbox)
    return MADE[0]


@cache
def senders() -> dict:
    """All senders by slug."""
    return {path.stem: read_sender(path) for path in sorted((PROVINCE / "sources").glob("*.yaml"))}


def files(inbox: Path, source: Source, until: str = "9") -> list[Path]:
    """A source's files in order of arrival, those up to the stamp `until`."""
    found = sorted(inbox.glob(source.connect.glob), key=lambda p: (p.parent.name, p.name))
    return [path for path in found if path.parent.name <= until]


def rows(path: Path, source: Source) -> list[dict]:
    """The rows of a good file: cells as text (None when empty), codes in the contract's words, constants added."""
    table = _table(path, source)
    words = source.values
    names = dict(zip(headers(source), sent_columns(source), strict=True))
    result = []
    for row in table:
        cells = {names[header]: _plain(cell) for header, cell in row.items()}
        result.append(dict(source.constants) | {n: words.get(n, {}).get(c, c) for n, c in cells.items()})
    return result


def _plain(cell: object) -> str | None:
    if cell is None or cell == "":
        return None
    return str(cell)


def _table(path: Path, source: Source) -> list[dict]:
    look = source.read
    if look.kind == "json":
        return json.loads(path.read_text(encoding="utf-8"))["data"]["items"]
    if look.kind == "csv":
        codec = {"windows-1258": "cp1258"}.get(look.encoding, look.encoding)
        return _from_lists(list(csv.reader(io.StringIO(_nfc(path.read_bytes().decode(codec)), newline=""), delimiter=look.delimiter)))
    sheet = load_workbook(path, read_only=True)[look.sheet]
    lists = [list(row) for row in sheet.iter_rows(min_row=look.header_row, values_only=True)]
    assert str(lists[-1][0]) == source.skip_rows[0], "a total row below"
    return _from_lists(lists[:-1])


def _from_lists(lists: list[list]) -> list[dict]:
    header, *body = lists
    return [dict(zip(header, row, strict=False)) for row in body]


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)

"""Files as an enemy, or a bad program, would send them: name → (format, options, how it is made, the rule that refuses it).

Each is the smallest that shows its point; the ones that are large unpacked are made of repetition.
"""

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from typing import NamedTuple

import xlsxwriter
import xlwt

CODE, FEE = "Mã hồ sơ", "Phí"
TOP = f"{CODE},{FEE}\n".encode()
MB = 1 << 20


class Hostile(NamedTuple):
    """One hostile file: `rule` refuses it as a whole; with `rule` None it is `ragged` rows or plain text."""

    kind: str
    make: Callable[[], bytes]
    rule: str | None
    options: dict = {}  # noqa: RUF012  (never changed)
    ragged: int = 0
    cells: tuple[str | None, ...] = ()


def zipped(content: bytes, name: str = "tep.dat") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def locked_zip(content: bytes) -> bytes:
    """An archive whose one entry says that it is encrypted."""
    made = zipped(content)
    return made.replace(b"PK\x03\x04\x14\0\0", b"PK\x03\x04\x14\0\1").replace(b"PK\x01\x02\x14\x03\x14\0\0", b"PK\x01\x02\x14\x03\x14\0\1")


def xlsx(**parts: bytes) -> bytes:
    """A small workbook; `parts`: sheet=… puts something into the sheet's rows, others are added under their path."""
    out, made = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [CODE, FEE])
        sheet.write_row(1, 0, ["a", 1])
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.namelist():
            content = source.read(entry)
            if entry.endswith("sheet1.xml"):
                head, tail = parts.get("head", b""), parts.get("sheet", b"")
                content = content.replace(b"<worksheet", head + b"<worksheet", 1).replace(b"</sheetData>", tail + b"</sheetData>")
            target.writestr(entry, content)
        for path, content in parts.items():
            if "/" in path:
                target.writestr(path, content)
    return out.getvalue()


def bloated(content: bytes) -> bytes:
    """The archive with the size of its first part overstated in the directory at its end."""
    place = content.index(b"PK\x01\x02") + 24
    return content[:place] + (600 * MB).to_bytes(4, "little") + content[place + 4 :]


def xls(*, entry: str = "", workbook: str = "Workbook", locked: bool = False) -> bytes:
    """An old workbook; `entry`: one more name in its container, `workbook`: what its stream is called."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Tờ 1")
    for row, cells in enumerate([[CODE, FEE], ["a", 1]]):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    out = io.BytesIO()
    book.save(out)
    content = bytearray(out.getvalue())
    if locked:
        content[532:534] = b"\x2f\x00"  # the record after the first becomes FILEPASS: what follows is said to be encrypted
    place = content.index("Workbook".encode("utf-16le") + bytes(4))
    if entry:
        _name(content, place + 128, entry)
        content[place + 128 + 66] = 1  # a storage
    _name(content, place, workbook)
    return bytes(content)


def _name(content: bytearray, place: int, name: str) -> None:
    coded = name.encode("utf-16le")
    content[place : place + 64] = coded.ljust(64, b"\0")
    content[place + 64 : place + 66] = (len(coded) + 2).to_bytes(2, "little")


def record(**more: object) -> bytes:
    return json.dumps([{CODE: "a", FEE: "1"} | more]).encode()


def xml(body: str = "", head: str = "", encoding: str = "utf-8") -> bytes:
    text = f"<?xml version='1.0' encoding='{encoding}'?>{head}<tap>{body}<ho_so ma_ho_so='b'><phi>1</phi></ho_so></tap>"
    return text.encode("utf-16" if encoding == "utf-16" else "utf-8")


LAUGHS = (
    "<!DOCTYPE x [<!ENTITY a '"
    + "ha" * 50
    + "'>"
    + "".join(f"<!ENTITY {b} '{f'&{a};' * 50}'>" for a, b in zip("abcd", "bcde", strict=True))
    + "]>"
)
OUTSIDE = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
ENTITY = "<ho_so ma_ho_so='&{0};'><phi>&{0};</phi></ho_so>"
BIG_CELL = b'"' + b"x" * (20 * MB) + b'",1\n'
FAR_CELL = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
LINE = json.dumps({CODE: "a", FEE: "1"}).encode() + b"\n"
SQL = "; drop table accepted.dossier_log; --"

# fmt: off
HOSTILE: dict[str, Hostile] = {
    # archives
    "gzip that unpacks a thousand times": Hostile("csv", lambda: gzip.compress(TOP + (b"0" * 1023 + b"\n") * (64 << 10)), "too_large"),
    "zip that unpacks a thousand times": Hostile("csv", lambda: zipped(TOP + (b"0" * 1023 + b"\n") * (64 << 10)), "too_large"),
    "zip in a zip": Hostile("csv", lambda: zipped(zipped(TOP + b"a,1\n")), "packed_twice"),
    "gzip in a gzip": Hostile("json", lambda: gzip.compress(gzip.compress(record())), "packed_twice"),
    "zip whose name leads out": Hostile("csv", lambda: zipped(TOP + b"a,1\n", "../../etc/cron.d/x"), "unreadable"),
    "zip with a password": Hostile("csv", lambda: locked_zip(TOP + b"a,1\n"), "locked"),
    "a workbook that says it holds 600 MB": Hostile("xlsx", lambda: bloated(xlsx()), "too_large"),
    # XML
    "entities that expand": Hostile("xml", lambda: xml(ENTITY.format("e"), LAUGHS), "unreadable"),
    "entities that expand, in UTF-16": Hostile("xml", lambda: xml(ENTITY.format("e"), LAUGHS, "utf-16"), "wrong_encoding"),
    "entities hidden in UTF-7": Hostile("xml", lambda: xml("", "+ADwAIQ-DOCTYPE x+AD4-", "utf-7"), "wrong_encoding"),
    "an entity from a file outside": Hostile("xml", lambda: xml(ENTITY.format("a"), OUTSIDE), "unreadable"),
    "an entity in a workbook": Hostile("xlsx", lambda: xlsx(head=OUTSIDE.encode()), "unreadable"),
    "XML of 100,000 levels": Hostile("xml", lambda: xml("<a>" * 100_000 + "</a>" * 100_000), "unreadable"),
    "XML with a text of 20 MB": Hostile("xml", lambda: xml(f"<ho_so ma_ho_so='a'><phi>{'9' * 20 * MB}</phi></ho_so>"), "unreadable"),
    # sizes
    "a field of 100 MB": Hostile("csv", lambda: TOP + BIG_CELL[:-4] * 5 + BIG_CELL[-4:], "line_too_long"),
    "a field of 20 MB without quotes": Hostile("csv", lambda: TOP + BIG_CELL.replace(b'"', b""), "line_too_long"),
    "a header of 20 MB": Hostile("csv", lambda: BIG_CELL + TOP, "line_too_long"),
    "a header of 2 MB in few cells": Hostile("csv", lambda: TOP[:-1] + (b"," + b"x" * 100_000) * 20 + b"\na,1\n", "line_too_long"),
    "a cell of 2 MB": Hostile("csv", lambda: TOP + b"a," + b"9" * (2 * MB) + b"\n", "cell_too_long"),
    "a JSON value of 20 MB": Hostile("json", lambda: record(**{FEE: "9" * 20 * MB}), "cell_too_long"),
    "a JSON line of 20 MB": Hostile("jsonl", lambda: record(**{FEE: "9" * 20 * MB})[1:-1], "too_large"),
    "a million columns": Hostile("csv", lambda: TOP[:-1] + b"," * 1_000_000 + b"\n", "too_many_columns"),
    "100,000 columns in JSON": Hostile("json", lambda: record(**{f"c{n}": 1 for n in range(100_000)}), "too_many_columns"),
    "a cell at the sheet's far end": Hostile("xlsx", lambda: xlsx(sheet=FAR_CELL), "unreadable"),
    # JSON
    "JSON of 100,000 levels": Hostile("json", lambda: b"[" * 100_000 + b"]" * 100_000, "unreadable"),
    "a JSON line of 100,000 levels": Hostile("jsonl", lambda: LINE + b'{"a": ' * 100_000 + b"}" * 100_000, None, {}, 1, ("a", "1")),
    "NaN": Hostile("json", lambda: record().replace(b'"1"', b"NaN"), "unreadable"),
    "a key twice": Hostile("json", lambda: record().replace(b'"1"', b'"1", "x": 1, "x": 2'), "unreadable"),
    "half a pair of signs": Hostile("json", lambda: record(**{FEE: "\ud800"}), "unreadable"),
    "half a pair of signs in a line": Hostile("jsonl", lambda: LINE + record(**{FEE: "\ud800"})[1:-1], None, ragged=1, cells=("a", "1")),
    "half a pair of signs in a key": Hostile("json", lambda: json.dumps([{CODE + "\ud800": "a"}]).encode(), None, cells=("a", None)),
    # text that stays text: the contract's checks judge it
    "1e999": Hostile("json", lambda: record().replace(b'"1"', b"1e999"), None, cells=("a", "1e999")),
    "NUL": Hostile("csv", lambda: TOP + b"a\0b,1\n", None, cells=("a\0b", "1")),
    "NUL in a header": Hostile("csv", lambda: f"Mã hồ s\0,{FEE}\n1,2\n".encode(), "missing_column"),
    "SQL in a header": Hostile("csv", lambda: TOP[:-1] + f""",'{SQL}\na,1,2\n""".encode(), None, cells=("a", "1")),
    "SQL instead of a header": Hostile("csv", lambda: f"'{SQL},{FEE}\na,1\n".encode(), "missing_column"),
    "a formula": Hostile("csv", lambda: TOP + b'"=cmd|\' /C calc\'!A0",1\n', None, cells=("=cmd|' /C calc'!A0", "1")),
    # workbooks
    "macros": Hostile("xlsx", lambda: xlsx(**{"xl/vbaProject.bin": b"x"}), "macros"),
    "macros of Excel 4": Hostile("xlsx", lambda: xlsx(**{"xl/macrosheets/sheet1.xml": b"<x/>"}), "macros"),
    "macros in an old workbook": Hostile("xls", lambda: xls(entry="_VBA_PROJECT_CUR"), "macros"),
    "a locked workbook": Hostile("xlsx", lambda: xls(workbook="EncryptedPackage"), "locked"),
    "a locked old workbook": Hostile("xls", lambda: xls(locked=True), "locked"),
    "an old workbook called new": Hostile("xlsx", xls, "other_format"),
}

# fmt: on
GOOD: dict[str, Callable[[], bytes]] = {
    "csv": lambda: TOP + b"good,1\n",
    "json": lambda: json.dumps([{CODE: "good", FEE: "1"}]).encode(),
    "jsonl": lambda: json.dumps({CODE: "good", FEE: "1"}).encode(),
    "xml": xml,
    "xlsx": xlsx,
    "xls": xls,
}
OPTIONS: dict[str, dict] = {
    "csv": {"encoding": "utf-8", "delimiter": ",", "header_row": 1},
    "json": {"records": ""},
    "jsonl": {},
    "xml": {"record": "ho_so"},
    "xlsx": {"header_row": 1},
    "xls": {"header_row": 1},
}

"""The first rows of a file whose look nobody declared yet: each as the JSON list of its cells. For proposals, never for data."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import pyarrow as pa
from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook

from cchc.readers.guess import guess_encoding
from cchc.readers.legacy import decoder
from cchc.readers.office import refuse_ole
from cchc.readers.request import Refusal, Request, Tally
from cchc.readers.sheet import cell_text
from cchc.readers.xml_reader import refuse_odd_encoding

ROWS = 200
FIRST_BYTES = 1 << 20
DELIMITERS = ";,\t|"


def read_peek(raw: io.BufferedIOBase, request: Request, tally: Tally) -> Iterator[pa.RecordBatch]:
    """One batch: `row` (JSON) of the first rows, the very first a JSON object that says what kind of file it is.

    Raises Refusal when it is no kind of file that is read here.
    """
    content = raw.read()
    told, rows = KINDS[kind_of(content)](content)
    lines = [json.dumps(told, ensure_ascii=False), *(json.dumps(row, ensure_ascii=False) for row in islice(rows, ROWS))]
    tally.rows = tally.counted = len(lines)
    yield pa.RecordBatch.from_pydict({"row": pa.array(lines), "_line": pa.array(range(len(lines)), pa.int64())})


def kind_of(content: bytes) -> str:
    """The format by the file's own first bytes, not by its name."""
    start = content[:FIRST_BYTES].lstrip(b"\xef\xbb\xbf\r\n\t ")
    if content.startswith(b"PK\x03\x04"):
        return "xlsx"
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls"
    if start.startswith(b"<"):
        return "xml"
    if start.startswith(b"{") and len(start.splitlines()) > 1 and _is_json(start.splitlines()[0]):
        return "jsonl"
    return "json" if start.startswith((b"{", b"[")) else "csv"


def _is_json(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _csv(content: bytes) -> tuple[dict, Iterable[list[str]]]:
    found = guess_encoding(content)
    try:
        text = decoder(found.encoding).decode(content[:FIRST_BYTES])
    except UnicodeError as error:
        raise Refusal("wrong_encoding", "Không xác định được bảng mã của tệp. Đề nghị lưu lại tệp theo UTF-8.") from error

    def rows(delimiter: str) -> list[list[str]]:
        return list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), ROWS))

    def steadiness(delimiter: str) -> tuple[int, int]:
        widths = [len(row) for row in rows(delimiter) if len(row) > 1]
        return max(map(widths.count, set(widths)), default=0), max(widths, default=0)

    ranked = sorted(DELIMITERS, key=steadiness, reverse=True)
    sure = steadiness(ranked[0])[0] > steadiness(ranked[1])[0]
    told = {"kind": "csv", "encoding": found.encoding, "encoding_confidence": found.confidence, "encoding_sure": found.sure,
            "delimiter": ranked[0], "delimiter_sure": sure}  # fmt: skip
    return told, rows(ranked[0])


def _sheet(kind: str) -> Callable[[bytes], tuple[dict, Iterable[list[str]]]]:
    def look(content: bytes) -> tuple[dict, Iterable[list[str]]]:
        refuse_ole(content, kind)
        try:
            book = CalamineWorkbook.from_filelike(io.BytesIO(content))
            name = book.sheet_names[0]
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=ROWS)
        except (CalamineError, IndexError, ValueError) as error:
            raise Refusal("unreadable", "Không đọc được trang tính. Đề nghị lưu lại tệp và gửi lại.") from error
        told = {"kind": kind, "sheet": name, "sheets": book.sheet_names}
        return told, [[" ".join(cell_text(cell, ".").split()) for cell in row] for row in rows]

    return look


def _json(content: bytes) -> tuple[dict, Iterable[list[str]]]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Refusal("unreadable", "Tệp JSON không đọc được. Đề nghị gửi lại tệp đầy đủ.") from error
    path, records = _longest_list(document, "")
    return {"kind": "json", "records": path}, _named(records)


def _longest_list(document: object, path: str) -> tuple[str, list]:
    """The longest list of records in a document and the dotted path to it."""
    if isinstance(document, list):
        return path, [record for record in document if isinstance(record, dict)]
    if not isinstance(document, dict):
        return path, []
    found = [_longest_list(value, f"{path}.{key}".lstrip(".")) for key, value in document.items() if isinstance(value, dict | list)]
    return max(found, key=lambda entry: len(entry[1]), default=(path, []))


def _jsonl(content: bytes) -> tuple[dict, Iterable[list[str]]]:
    lines = [line for line in content[:FIRST_BYTES].splitlines()[:ROWS] if _is_json(line)]
    return {"kind": "jsonl"}, _named([json.loads(line) for line in lines])


def _named(records: list[dict]) -> list[list[str]]:
    names = list(dict.fromkeys(name for record in records[:ROWS] for name in record))
    return [names, *([("" if record.get(name) is None else str(record[name])) for name in names] for record in records)]


def _xml(content: bytes) -> tuple[dict, Iterable[list[str]]]:
    """The element that stands most often right under the root is the record."""
    refuse_odd_encoding(content[:1024])
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Refusal("unreadable", "Tệp XML có khai báo DOCTYPE, không được nhận. Đề nghị bỏ phần này và gửi lại.")
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError as error:
        raise Refusal("unreadable", "Tệp XML không đúng cú pháp. Đề nghị gửi lại tệp đầy đủ.") from error
    names = [etree.QName(element).localname for element in root.iter() if isinstance(element.tag, str) and len(element)]
    record = max(set(names), key=names.count, default="")
    found = list(root.iter(f"{{*}}{record}"))[:ROWS] if record else []
    records = [dict(element.attrib) | {etree.QName(child).localname: child.text or "" for child in element} for element in found]
    return {"kind": "xml", "record": record}, _named(records)


KINDS: dict[str, Callable[[bytes], tuple[dict, Iterable[list[str]]]]] = {
    "csv": _csv, "xlsx": _sheet("xlsx"), "xls": _sheet("xls"), "json": _json, "jsonl": _jsonl, "xml": _xml,
}  # fmt: skip

"""XML to batches of text, streaming: one element a record, its children or attributes the columns. No entity is ever expanded."""

import io
import re
from collections.abc import Iterator

import pyarrow as pa
from lxml import etree

from cchc.readers.records import Records
from cchc.readers.request import Refusal, Request, Tally

BATCH = 50_000
ENCODINGS = ("utf-8", "us-ascii", "windows-1252", "windows-1258", "iso-8859-1")
DECLARED = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([\w.:-]+)[\"']")
TAIL = 256  # the longest opening tag that a block's end may cut


def refuse_odd_encoding(start: bytes) -> None:
    """Raises Refusal for XML whose tags are not ASCII bytes (UTF-16, UTF-7, ...): a document type would pass unseen."""
    declared = DECLARED.match(start)
    name = declared.group(1).decode().lower() if declared else "utf-8"
    if b"\0" in start[:64] or name not in ENCODINGS:
        raise Refusal("wrong_encoding", "Tệp XML không phải UTF-8. Đề nghị lưu lại tệp theo UTF-8 và gửi lại.")


class Counted(io.RawIOBase):
    """The bytes as they pass, with the opening tags of the record element counted by pattern."""

    def __init__(self, raw: io.BufferedIOBase, record: str):
        self._raw, self._rest = raw, b""
        self._tag = re.compile(rb"<(?:[\w.-]+:)?" + re.escape(record.encode()) + rb"(?=[\s/>])")
        self.records, self._first = 0, True

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises Refusal for a document type: entities live there."""
        block = self._raw.read(size)
        if self._first:
            refuse_odd_encoding(block)
            self._first = False
        seen = self._rest + block
        if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
            raise Refusal("unreadable", "Tệp XML có khai báo DOCTYPE, không được nhận. Đề nghị bỏ phần này và gửi lại.")
        cut = len(seen) if not block else max(0, len(seen) - TAIL)
        self.records += sum(1 for found in self._tag.finditer(seen) if found.start() < cut)
        self._rest = seen[cut:]
        return block


def read_xml(raw: io.BufferedIOBase, request: Request, tally: Tally) -> Iterator[pa.RecordBatch]:
    """Batches of the wanted columns as text plus `_line` (the record's number from 1).

    Raises Refusal for XML that is not well-formed, has a document type, nests inside a cell or lacks a column.
    """
    record = request.options["record"]
    stream = Counted(raw, record)
    columns = Records(request, tally)
    number, batch = 0, []
    try:
        for _, element in etree.iterparse(stream, tag=f"{{*}}{record}", resolve_entities=False, no_network=True, huge_tree=False):
            number += 1
            batch.append((number, _cells(element)))
            _forget(element)
            if len(batch) == BATCH:
                yield columns.batch(batch)
                batch = []
    except etree.XMLSyntaxError as error:
        raise Refusal("unreadable", f"Tệp XML không đúng cú pháp, hoặc có ô dài quá mức, ở dòng {error.lineno}. "
                      "Đề nghị kiểm tra và gửi lại tệp đầy đủ.") from error  # fmt: skip
    yield columns.batch(batch)
    tally.counted = stream.records


def _cells(element: etree._Element) -> dict[str, str | None]:
    found: dict[str, str | None] = {str(name): str(value) for name, value in element.attrib.items()}
    for child in element:
        name = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if len(child) or name in found:
            raise Refusal("unreadable", f"Một bản ghi XML có phần tử '{name}' lặp lại hoặc chứa phần tử con. Đề nghị gửi bản ghi phẳng.")
        if name:
            found[name] = child.text
    return found


def _forget(element: etree._Element) -> None:
    """What was read leaves memory, with everything before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]

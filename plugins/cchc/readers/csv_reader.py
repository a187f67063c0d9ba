"""CSV to record batches of text, streaming; rows are counted a second way while the bytes pass."""

import codecs
import csv
import io
import itertools
from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from cchc.readers.request import Refusal, Request, Tally
from cchc.readers.text import finish, match_headers

BLOCK = 4 << 20
RECODED = {"utf-16": "utf-16", "windows-1258": "cp1258"}


class Utf8Stream(io.RawIOBase):
    """The file as UTF-8, with its records counted by quote parity as they pass.

    Bytes declared UTF-8 pass as they are: the parser checks every column that is kept.
    """

    def __init__(self, raw: io.BufferedIOBase, encoding: str):
        self._raw = raw
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(RECODED[encoding])("strict") if encoding in RECODED else None
        self._rest = self._fill().removeprefix(codecs.BOM_UTF8)
        self._quoted = False
        self._newlines = 0
        self._last = b"\n"

    def readable(self) -> bool:
        """Always: io asks."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill `buffer`, counted; 0 at the end."""
        block = self.take(len(buffer))
        buffer[: len(block)] = block
        return len(block)

    def take(self, size: int) -> bytes:
        """Up to `size` bytes, counted; empty at the end."""
        if not self._rest:
            self._rest = self._fill()
        block, self._rest = self._rest[:size], self._rest[size:]
        self._count(block)
        return block

    def peek(self, size: int) -> bytes:
        """The first `size` bytes without counting them."""
        while len(self._rest) < size:
            more = self._fill()
            if not more:
                break
            self._rest += more
        return self._rest[:size]

    def records(self) -> int:
        """Records seen. Raises Refusal when a quote is still open at the end."""
        if self._quoted:
            raise Refusal("unreadable", "Tệp có dấu ngoặc kép chưa đóng: có thể tệp bị cắt ngắn. Đề nghị gửi lại tệp đầy đủ.")
        return self._newlines + (self._last != b"\n")

    def _fill(self) -> bytes:
        if self._decoder is None:
            return self._raw.read(BLOCK)
        while True:
            raw = self._raw.read(BLOCK)
            try:
                text = self._decoder.decode(raw, final=not raw)
            except UnicodeError as error:
                raise wrong_encoding(self._encoding) from error
            if text or not raw:
                return text.encode()

    def _count(self, block: bytes) -> None:
        if not block:
            return
        self._last = block[-1:]
        if b'"' not in block:
            self._newlines += 0 if self._quoted else block.count(b"\n")
            return
        data = np.frombuffer(block, np.uint8)
        inside = (np.cumsum(data == ord('"')) + self._quoted) % 2
        self._newlines += int(((data == ord("\n")) & (inside == 0)).sum())
        self._quoted = bool(inside[-1])


def wrong_encoding(declared: str) -> Refusal:
    """The refusal of a file that is not in its declared encoding."""
    return Refusal("wrong_encoding", f"Tệp không đúng bảng mã đã khai báo ({declared}). Đề nghị lưu lại tệp theo bảng mã này "
                   "hoặc khai báo bảng mã đúng.")  # fmt: skip


def read_csv(raw: io.BufferedIOBase, request: Request, tally: Tally) -> Iterator[pa.RecordBatch]:
    """Batches of the wanted columns as text plus `_line`; `tally` is complete when the last one is out.

    Raises Refusal for a wrong encoding, a missing column, an open quote or counts that differ.
    """
    stream = Utf8Stream(raw, request.options["encoding"])
    top = request.options["header_row"]
    headers = _headers(stream, top, request.options)
    places, tally.absent = match_headers(headers, request)
    ragged: set[int] = set()

    def odd_row(row: pa_csv.InvalidRow) -> str:
        ragged.add(row.number)
        return "skip"

    options = _options(headers, places, request, odd_row)
    line = top
    for batch in _parsed(stream, options, request.options["encoding"]):
        lines, line = _number(batch.num_rows, line, ragged)
        columns = dict(zip(places, batch.columns, strict=True))
        yield finish(columns, lines, request, tally)
    tally.ragged = sorted(ragged)
    tally.rows += len(ragged)
    tally.counted = stream.records() - top


def _options(headers: list[str], places: dict[str, int], request: Request, odd_row: Callable) -> dict:
    names = [str(place) for place in range(len(headers))]
    return {
        "read_options": pa_csv.ReadOptions(
            column_names=names, skip_rows=request.options["header_row"], use_threads=False, block_size=BLOCK
        ),
        "parse_options": pa_csv.ParseOptions(
            delimiter=request.options["delimiter"], newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=odd_row
        ),
        "convert_options": pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            include_columns=[str(place) for place in places.values()],
            strings_can_be_null=True,
            null_values=[""],
        ),
    }


def _parsed(stream: Utf8Stream, options: dict, declared: str) -> Iterator[pa.RecordBatch]:
    try:
        yield from pa_csv.open_csv(io.BufferedReader(stream, BLOCK), **options)
    except pa.ArrowInvalid as error:
        if "UTF8" in str(error):
            raise wrong_encoding(declared) from error
        if "Empty CSV" in str(error):
            return
        raise


def _headers(stream: Utf8Stream, top: int, options: dict) -> list[str]:
    text = stream.peek(1 << 20).decode("utf-8", "surrogateescape")
    rows = list(itertools.islice(csv.reader(io.StringIO(text, newline=""), delimiter=options["delimiter"]), top))
    if len(rows) < top:
        raise Refusal("no_rows", f"Tệp không có dòng tiêu đề thứ {top}. Đề nghị kiểm tra lại tệp.")
    if any("\udc80" <= sign <= "\udcff" for cell in rows[-1] for sign in cell):
        raise wrong_encoding(options["encoding"])
    return rows[-1]


def _number(count: int, line: int, ragged: set[int]) -> tuple[pa.Array, int]:
    """The line numbers of the next `count` good rows after `line`, stepping over the ragged ones."""
    low, high = line + 1, line + count
    odd = sorted(number for number in ragged if number > line)
    if not odd or odd[0] > high:
        return pa.array(np.arange(low, high + 1)), high
    good = np.setdiff1d(np.arange(low, high + len(odd) + 1), np.array(odd))[:count]
    return pa.array(good), int(good[-1]) if count else line

"""CSV to record batches of text, streaming; rows are counted a second way while the bytes pass."""

import csv
import io
import itertools
from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from cchc.readers.request import Refusal, Request, Tally
from cchc.readers.text import finish, match_headers, plain
from cchc.readers.utf8 import BLOCK, QUOTE, Utf8Stream

DELIMITERS = ",;\t|"  # those that `auto` chooses from
LONGEST_TOP = 1 << 20  # bytes down to the end of the header


def read_csv(raw: io.BufferedIOBase, request: Request, tally: Tally) -> Iterator[pa.RecordBatch]:
    """Batches of the wanted columns as text plus `_line`; `tally` is complete when the last one is out.

    Raises Refusal for a wrong encoding, a missing column, an open quote or counts that differ.
    """
    stream = Utf8Stream(raw, request.options["encoding"], request.options.get("quote", QUOTE))
    top = request.options["header_row"]
    format_ = request.options | {"delimiter": _delimiter(stream, top, request)}
    headers = _headers(stream, top, format_)
    places, tally.absent = match_headers(headers, request)
    tally.note(headers)
    ragged: set[int] = set()

    def odd_row(row: pa_csv.InvalidRow) -> str:
        ragged.add(row.number)
        return "skip"

    options = _options(headers, places, format_, odd_row)
    line = top
    for batch in _parsed(stream, options):
        lines, line = _number(batch.num_rows, line, ragged)
        columns = dict(zip(places, batch.columns, strict=True))
        yield finish(columns, lines, request, tally)
    tally.ragged = sorted(ragged)
    tally.rows += len(ragged)
    tally.counted = stream.records() - top


def _options(headers: list[str], places: dict[str, int], format_: dict, odd_row: Callable) -> dict:
    names = [str(place) for place in range(len(headers))]
    return {
        "read_options": pa_csv.ReadOptions(column_names=names, skip_rows=format_["header_row"], use_threads=False, block_size=BLOCK),
        "parse_options": pa_csv.ParseOptions(
            delimiter=format_["delimiter"],
            quote_char=format_.get("quote", QUOTE),
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=odd_row,
        ),
        "convert_options": pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            include_columns=[str(place) for place in places.values()],
            strings_can_be_null=True,
            null_values=[""],
        ),
    }


def _parsed(stream: Utf8Stream, options: dict) -> Iterator[pa.RecordBatch]:
    try:
        yield from pa_csv.open_csv(io.BufferedReader(stream, BLOCK), **options)
    except pa.ArrowInvalid as error:
        if "UTF8" in str(error):
            raise stream.wrong_encoding() from error
        if "Empty CSV" in str(error):
            return
        if "straddling" in str(error):
            raise _long_line() from error
        raise


def _delimiter(stream: Utf8Stream, top: int, request: Request) -> str:
    """The declared delimiter; for `auto` the one under which most wanted headers are found. Two as good are refused, not guessed."""
    declared = request.options["delimiter"]
    if declared != "auto":
        return declared
    wanted = {plain(header) for header in request.headers.values()}

    def known(delimiter: str) -> int:
        return len(wanted & set(map(plain, _headers(stream, top, request.options | {"delimiter": delimiter}))))

    ranked = sorted(DELIMITERS, key=known, reverse=True)
    if known(ranked[0]) == known(ranked[1]):
        raise Refusal(
            "unknown_delimiter", "Không xác định được dấu phân cách của tệp. Đề nghị khai báo `delimiter` hoặc kiểm tra dòng tiêu đề."
        )
    return ranked[0]


def _long_line() -> Refusal:
    words = "Tệp có một dòng hoặc một ô dài quá mức cho phép, có thể do dấu ngoặc kép chưa đóng. Đề nghị kiểm tra và gửi lại."
    return Refusal("line_too_long", words)


def _headers(stream: Utf8Stream, top: int, options: dict) -> list[str]:
    start = stream.peek(LONGEST_TOP)
    text = start.decode("utf-8", "surrogateescape")
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=options["delimiter"], quotechar=options.get("quote", QUOTE))
    try:
        rows = list(itertools.islice(reader, top))
    except csv.Error as error:
        raise _long_line() from error
    if len(start) == LONGEST_TOP and lines.tell() == len(text):  # the header goes on behind what was looked at
        raise _long_line()
    if len(rows) < top:
        raise Refusal("no_rows", f"Tệp không có dòng tiêu đề thứ {top}. Đề nghị kiểm tra lại tệp.")
    if any("\udc80" <= sign <= "\udcff" for cell in rows[-1] for sign in cell):
        raise stream.wrong_encoding()
    return rows[-1]


def _number(count: int, line: int, ragged: set[int]) -> tuple[pa.Array, int]:
    """The line numbers of the next `count` good rows after `line`, stepping over the ragged ones."""
    low, high = line + 1, line + count
    odd = sorted(number for number in ragged if number > line)
    if not odd or odd[0] > high:
        return pa.array(np.arange(low, high + 1)), high
    good = np.setdiff1d(np.arange(low, high + len(odd) + 1), np.array(odd))[:count]
    return pa.array(good), int(good[-1]) if count else line

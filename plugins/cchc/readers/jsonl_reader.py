"""JSON Lines to batches of text, streaming: one record a line, the same strictness as a JSON document."""

import io
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pyarrow as pa

from cchc.readers.json_reader import cell
from cchc.readers.records import Records
from cchc.readers.request import Refusal, Request, Tally

BATCH = 50_000
LONGEST_LINE = 16 << 20


def read_jsonl(raw: io.BufferedIOBase, request: Request, tally: Tally) -> Iterator[pa.RecordBatch]:
    """Batches of the wanted columns as text plus `_line`. A line that is no flat record is set aside alone.

    Raises Refusal for a wrong encoding, a line beyond all measure or a missing column.
    """
    columns = Records(request, tally)
    numbered = enumerate(_lines(raw, tally), 1)
    while chunk := list(islice(numbered, BATCH)):
        records = [(number, record) for number, line in chunk if (record := _record(line)) is not None]
        good = {number for number, _ in records}
        tally.ragged += [number for number, line in chunk if number not in good and line.strip()]
        blank = sum(1 for number, line in chunk if number not in good and not line.strip())
        tally.rows += len(chunk) - len(records)
        tally.skipped += blank
        yield columns.batch(records)
    if not tally.counted:
        raise Refusal("no_rows", "Tệp không có dòng nào. Đề nghị kiểm tra và gửi lại.")


def _lines(raw: io.BufferedIOBase, tally: Tally) -> Iterator[bytes]:
    first = True
    while line := raw.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise Refusal("too_large", "Tệp có một dòng dài quá mức cho phép. Đề nghị kiểm tra và gửi lại.")
        tally.counted += 1
        yield line.removeprefix(b"\xef\xbb\xbf") if first else line
        first = False


def _record(line: bytes) -> dict[str, str | None] | None:
    try:
        found = json.loads(line.decode(), object_pairs_hook=list, parse_float=str, parse_int=str, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise Refusal("wrong_encoding", "Tệp JSON không phải UTF-8. Đề nghị lưu lại tệp theo UTF-8.") from error
    except (ValueError, RecursionError):
        return None
    record = _flat(found)
    return None if record is not None and rb"\u" in line and _holds_surrogates(record) else record


def _holds_surrogates(record: dict[str, str | None]) -> bool:
    """Whether a cell is no text: half a pair, as only an escape can write it."""
    try:
        "".join(filter(None, record.values())).encode()
    except UnicodeEncodeError:
        return True
    return False


def _no_number(word: str) -> None:
    raise ValueError(word)


def _flat(found: Any) -> dict[str, str | None] | None:
    """A record's cells; None for what is no object, holds a key twice or nests."""
    pairs = isinstance(found, list) and all(isinstance(item, tuple) for item in found)
    if not pairs or len(dict(found)) != len(found) or any(isinstance(value, list) for _, value in found):
        return None
    return {key: cell(value) for key, value in found}

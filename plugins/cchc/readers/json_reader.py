"""JSON to a batch of text: numbers keep their digits, NaN, doubled keys and nesting in cells are refused."""

import io
import json
from collections.abc import Iterator
from typing import Any, NoReturn

import pyarrow as pa

from cchc.readers.request import Refusal, Request, Tally
from cchc.readers.text import finish, match_headers


def read_json(raw: io.BufferedIOBase, request: Request, tally: Tally) -> Iterator[pa.RecordBatch]:
    """One batch of the wanted columns as text plus `_line` (the record's number from 1).

    Raises Refusal for anything that is not a list of flat records under `records`.
    """
    seen = [0]

    def pairs(items: list[tuple[str, Any]]) -> dict:
        result = dict(items)
        if len(result) != len(items):
            raise Refusal("unreadable", "Một bản ghi JSON có khóa lặp lại. Đề nghị sửa và gửi lại.")
        seen[0] += not any(isinstance(value, dict | list) for value in result.values())
        return result

    document = _parse(raw.read(), pairs)
    records = _walk(document, request.options.get("records", ""))
    headers = list(dict.fromkeys(key for record in records for key in record))
    places, tally.absent = match_headers(headers, request)
    tally.note(headers)
    try:
        columns = {name: pa.array([cell(r.get(headers[place])) for r in records], pa.string()) for name, place in places.items()}
    except UnicodeEncodeError as error:
        raise Refusal("unreadable", "Tệp JSON có mã \\u không phải ký tự (nửa cặp thay thế). Đề nghị sửa và gửi lại.") from error
    tally.counted = seen[0]
    yield finish(columns, pa.array(range(1, len(records) + 1), pa.int64()), request, tally)


def _parse(content: bytes, pairs: Any) -> Any:
    try:
        text = content.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=pairs, parse_float=str, parse_int=str, parse_constant=refuse_constant)
    except UnicodeDecodeError as error:
        raise Refusal("wrong_encoding", "Tệp JSON không phải UTF-8. Đề nghị lưu lại tệp theo UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise Refusal("unreadable", f"Tệp JSON không đọc được ({type(error).__name__}). Đề nghị gửi lại tệp đầy đủ.") from error


def refuse_constant(word: str) -> NoReturn:
    """What json calls for NaN and Infinity."""
    raise Refusal("unreadable", f"Tệp JSON có giá trị {word}, không phải số. Đề nghị sửa và gửi lại.")


def _walk(document: Any, path: str) -> list[dict]:
    for step in filter(None, path.split(".")):
        document = document.get(step) if isinstance(document, dict) else None
    if not isinstance(document, list) or not all(isinstance(record, dict) for record in document):
        raise Refusal("unreadable", f"Không thấy danh sách bản ghi tại '{path or 'gốc'}' của tệp JSON.")
    return document


def cell(value: Any) -> str | None:
    """A JSON value as a cell's text. Raises Refusal for a list or an object."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    raise Refusal("unreadable", "Một ô JSON chứa danh sách hoặc đối tượng. Đề nghị gửi bản ghi phẳng.")

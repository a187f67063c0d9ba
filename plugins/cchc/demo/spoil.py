"""How a good file is spoilt on purpose: each way takes a file's draft and gives the files that arrive instead."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from cchc.connectors.sources import Source
from cchc.demo.encode import encode, in_encoding
from cchc.demo.look import Cell, cells, headers, sent_columns


@dataclass(frozen=True)
class Draft:
    """A file about to be written. `encoded` is set once its bytes are no longer those of its rows."""

    at: datetime
    name: str
    agency_code: str
    source: Source
    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    encoded: bytes | None = None

    @property
    def content(self) -> bytes:
        """The bytes to write."""
        return encode(self.source, self.headers, self.rows) if self.encoded is None else self.encoded


@dataclass(frozen=True)
class Raw:
    """A cell's text as it stands in the file, whatever its column's type."""

    text: str


Spoil = Callable[[Draft], list[Draft]]
Row = dict[str, Any]


def draft(source: Source, agency_code: str, at: datetime, period: str, rows: Sequence[Sequence[Cell]]) -> Draft:
    """The draft of a good file, named as the source's glob wants it."""
    name = PurePosixPath(source.drop.glob).name.replace("*", period)
    return Draft(at, name, agency_code, source, headers(source), rows)


def dossier(received: datetime | Raw, due: datetime | None, finished: datetime | None = None, **more: Any) -> Row:
    """A dossier by its contract columns, to be planted; `more` overrides and adds."""
    row: Row = {
        "channel": "desk",
        "received_at": received,
        "due_at": due,
        "finished_at": finished,
        "fee_due": 0,
        "fee_collected": 0,
    }
    return row | {"updated_at": finished or received, "applicant_name": "Lò Văn Mẫu", "applicant_phone": "0000 000000"} | more


def planted(*rows: Row) -> Spoil:
    """`rows` on top of the good ones; unless they say otherwise, of the sender itself and numbered from 9001."""
    return partial(_planted, rows)


def _planted(rows: Sequence[Row], file: Draft) -> list[Draft]:
    first = dict(zip(sent_columns(file.source), file.rows[0], strict=True))
    made = [_cells(file, first, row, number) for number, row in enumerate(rows, start=9001)]
    return [replace(file, rows=[*made, *file.rows])]


def _cells(file: Draft, first: dict[str, Cell], row: Row, number: int) -> list[Cell]:
    agency = row.get("agency_code", file.agency_code)
    empty: Row = {
        "agency_code": agency,
        "dossier_code": f"{agency}-{file.at:%y%m%d}-{number}",
        "procedure_code": first["procedure_code"],
    }
    row = empty | row
    return [_cell(file.source, column, row.get(column)) for column in sent_columns(file.source)]


def _cell(source: Source, column: str, value: Any) -> Cell:
    return value.text if isinstance(value, Raw) else cells(source, column, [value])[0]


def first_row_again(times: int) -> Spoil:
    """The first row stands `times` more times under itself."""
    return lambda file: [replace(file, rows=[*[file.rows[0]] * (times + 1), *file.rows[1:]])]


def untouched(file: Draft) -> list[Draft]:
    """The file is as the source declares it; the trap lies in that form."""
    return [file]


def nothing(_: Draft) -> list[Draft]:
    """No file comes."""
    return []


def sent_again(days: int) -> Spoil:
    """The same bytes come once more, later and under another name."""
    return lambda file: [file, _later(file, days, "_gui_lai")]


def then_corrected(spoilt: Callable[[Draft], Draft], days: int) -> Spoil:
    """A spoilt file first; the good one follows after `days` under a new name."""
    return lambda file: [spoilt(file), _later(file, days, "_lan2")]


def recoded(encoding: str) -> Callable[[Draft], Draft]:
    """Written in another encoding than declared."""
    return lambda file: replace(file, encoded=in_encoding(file.content.decode(), encoding))


def without(column: str) -> Callable[[Draft], Draft]:
    """One column left out."""
    return lambda file: _without(file, sent_columns(file.source).index(column))


def _without(file: Draft, place: int) -> Draft:
    kept = [n for n in range(len(file.headers)) if n != place]
    return replace(file, headers=[file.headers[n] for n in kept], rows=[[row[n] for n in kept] for row in file.rows])


def shrunk(share: float) -> Callable[[Draft], Draft]:
    """Only the first `share` of the rows."""
    return lambda file: replace(file, rows=file.rows[: int(len(file.rows) * share)])


def cut(share: float) -> Callable[[Draft], Draft]:
    """Only the first `share` of the bytes."""
    return lambda file: replace(file, encoded=file.content[: int(len(file.content) * share)])


def _later(file: Draft, days: int, mark: str) -> Draft:
    name = PurePosixPath(file.name)
    return replace(file, at=file.at + timedelta(days=days), name=f"{name.stem}{mark}{name.suffix}")

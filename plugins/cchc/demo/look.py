"""How a source's files look, by its YAML and the feed's contract: headers, and values as its cells write them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cchc.connectors.sources import Source
from cchc.contracts import contract

Cell = str | int | float | bool | date | datetime | Decimal | None


def sent_columns(source: Source) -> list[str]:
    """The contract's columns that stand in the file: all but derived ones and constants."""
    columns = contract(source.feed, source.contract).columns
    return [name for name, column in columns.items() if not column.derived and name not in source.constants]


def headers(source: Source) -> list[str]:
    """The file's headers, in order."""
    columns = contract(source.feed, source.contract).columns
    return [source.columns.get(name, columns[name].vi) for name in sent_columns(source)]


def cells(source: Source, column: str, values: list) -> list[Cell]:
    """Typed values as cells: text in a CSV; in a workbook and in JSON dates, numbers and truth keep their kind."""
    words = {code: word for word, code in source.values.get(column, {}).items()}
    if words:
        values = [words.get(value, value) for value in values]
    kind = contract(source.feed, source.contract).columns[column].type
    if source.read.kind == "csv":
        return [_text(source, kind, value) for value in values]
    if source.read.kind == "json":
        return [_plain(value) for value in values]
    return ["có" if value is True else "không" if value is False else value for value in values]


def _plain(value: Any) -> Cell:
    """A value as JSON has it."""
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def _text(source: Source, kind: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, datetime):
        return value.strftime(source.instants) if source.instants else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.strftime(source.dates) if source.dates else value.isoformat()
    if kind == "amount" and source.decimal == ",":
        return f"{value:,}".replace(",", ".")
    if isinstance(value, Decimal) and source.decimal == ",":
        return str(value).replace(".", ",")
    return str(value)

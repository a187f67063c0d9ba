"""The report as plain data: built once from a release, rendered by every format, and itself the JSON."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from cchc.reports.tree import Tree

Part = Literal["value", "fraction", "numerator", "denominator"]
Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Figure:
    """One number of the release, with the text it is printed as; `value` is exact, never rounded."""

    figure: str  # <measure>@<version>:<unit>:<period>[:dim=value]
    measure: str
    version: int
    unit: str  # agency code
    period: str
    dim: str
    status: str  # SDMX: A normal, M missing, P provisional, E estimated, C confidential (a small cell, kept back)
    title_vi: str
    kind: str
    unit_vi: str
    decimals: int
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    printed: str  # "98,33 %"
    printed_fraction: str  # "940/1.329"


@dataclass(frozen=True)
class Cell:
    """A table's cell: its text, and the figure (and which part of it) that the text prints."""

    text: str
    figure: str = ""
    part: Part = "value"


@dataclass(frozen=True)
class Row:
    """`style`: "" a line, "group" a bold heading over the whole width, "total" a bold line."""

    cells: tuple[Cell, ...]
    style: Literal["", "group", "total"] = ""


@dataclass(frozen=True)
class Column:
    """`width` in mm. `figure` is the id of the column's figures with `*` for the row's unit code, where it has one."""

    title: str
    width: int
    align: Align = "center"
    figure: str = ""
    part: Part = "value"


@dataclass(frozen=True)
class HeadCell:
    """A cell of a head in several lines, over so many columns and lines."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True)
class Table:
    """A table whose head repeats on each page."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    code_column: int | None = None  # the column with the row's code, for tables whose columns carry figures
    heads: tuple[tuple[HeadCell, ...], ...] = ()  # printed in place of the columns' titles (heads.py)
    size: float | None = None  # of its letters in points, where its numbers need a smaller one than the renderers' own


@dataclass(frozen=True)
class Annex:
    """`before` stands above the table (in italics), `after` below it."""

    title: str
    table: Table | None
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    landscape: bool = True


@dataclass(frozen=True)
class Block:
    """A piece of the body: headings I. / 1. / a) or a paragraph, with the ids of the figures in its text."""

    style: Literal["h1", "h2", "h3", "p"]
    text: str
    figures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Head:
    """What stands around the body of an official document."""

    body_upper: str  # the body above the issuing one, "" for a province
    body: tuple[str, ...]  # the issuing body, upper case, one or two lines
    symbol: str
    place_and_date: str
    subject: tuple[str, ...]
    addressed_to: str
    opening: str
    attached: str  # the line under an annex's title
    signed_as: tuple[str, ...]
    receivers: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """The release the report was printed from."""

    release_id: str
    province: str
    as_of: datetime
    content_hash: str
    reference_hash: str
    provisional: bool
    synthetic: bool


@dataclass(frozen=True)
class Report:
    """Everything that is printed; `look` and `outline` name the rules of its time."""

    source: Source
    period: str
    starts_on: date
    ends_on: date
    scope: str  # agency code
    scope_vi: str
    look: Literal["nd30", "tt01"]
    outline: str
    head: Head
    blocks: tuple[Block, ...]
    annexes: tuple[Annex, ...]
    sheets: tuple[Annex, ...]  # in the workbook and the JSON alone
    figures: tuple[Figure, ...] = field(default=())
    tree: Tree = Tree.THEN


def canonical(report: Report) -> bytes:
    """The report as JSON: sorted keys, decimals as text, the figures' own hash; the same report, the same bytes."""
    content = asdict(report)
    figures = _plain(content.pop("figures"))
    document = {
        "format": 1,
        "figures": figures,
        "figures_sha256": hashlib.sha256(_dumped(figures)).hexdigest(),
        "document": _plain({name: content[name] for name in ("look", "outline", "head", "blocks", "annexes", "sheets")}),
        "release": _plain(content["source"]),
        "period": _plain({"code": report.period, "starts_on": report.starts_on, "ends_on": report.ends_on}),
        "scope": {"code": report.scope, "name_vi": report.scope_vi},
    }
    return _dumped(document | ({"tree": str(report.tree)} if report.tree is Tree.TODAY else {}))


def decimal_text(value: Decimal) -> str:
    """A decimal without exponent and without trailing zeros: 7209, 0.70729872."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def _dumped(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def _plain(value: Any) -> Any:
    """Dates and decimals as text, tuples as lists, keys sorted later by json."""
    if isinstance(value, dict):  # a table without heads and size of its own says nothing of them: its JSON is what it always was
        return {key: _plain(one) for key, one in value.items() if (key, one) not in [("heads", ()), ("size", None)]}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return decimal_text(value)
    return value.isoformat() if isinstance(value, date) else value

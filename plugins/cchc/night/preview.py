"""The first rows of a source as they will be accepted: decoded, mapped, typed, without what is personal. Nothing is stored."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cchc.clock import ZONE
from cchc.connectors.offers import Offered
from cchc.connectors.sources import Place, named_source
from cchc.contracts import Personal, attachments, contract
from cchc.errors import ConfigError, DataError
from cchc.intake.accept import request_for
from cchc.intake.check import Checked, Context, check
from cchc.intake.form import formed
from cchc.intake.register import known_units
from cchc.night.on_offer import on_offer
from cchc.night.rehearse import find_source
from cchc.readers import Tally, read_rows
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.keys import PERSON, read_key
from cchc.warehouse.roles import LOADER

BLOCK = 1 << 20
MOST_PROBLEMS = 5


@dataclass
class Preview:
    """Rows by column name, with `_line`; `refused`: line, column and reason of the first rows that would go to quarantine."""

    source_id: str
    file: str
    columns: list[str]
    dropped: list[str]  # personal columns that stay in the sealed bytes
    rows: list[dict[str, Any]] = field(default_factory=list)
    refused: list[tuple[int, str, str]] = field(default_factory=list)


def preview(config: Settings, wanted: str | None, file: Path | None, count: int, as_of: datetime) -> Preview:
    """The first `count` rows of `file`, or of what the source `wanted` offers last.

    Raises Refusal when the file can't be read as a whole, ConfigError and UnreachableError as an intake would, DataError when
    the source offers nothing.
    """
    place = _place(config, wanted, file)
    if place.source.feed in attachments():
        raise ConfigError(f"{place.source_id}: {place.source.feed} is kept as it comes and has no rows to show")
    with ExitStack() as open_files, connect(LOADER) as connection:
        units = known_units(connection, place.sender, config.province.name, place.path.name)
        path = file or Path()
        name = path.name
        if file is None:
            offer = _newest(config, place, as_of, open_files)
            path, name = offer.path, offer.name
        agreed = contract(place.source.feed, place.source.contract)
        context = Context(agreed, formed(place.source, name, as_of), *units.of(agreed), as_of, read_key(config, PERSON))
        shown = Preview(place.source_id, name, list(agreed.stored), [n for n, c in agreed.columns.items() if c.personal is Personal.DROP])
        _fill(shown, path, context, count)
    return shown


def _place(config: Settings, wanted: str | None, file: Path | None) -> Place:
    if wanted:
        return named_source(config, wanted)
    if file is None:
        raise ConfigError("name a source (SENDER/SOURCE), a file (--file), or both")
    found = find_source(config, file, None)
    return named_source(config, f"{found.path.stem}/{found.name}")


def _newest(config: Settings, place: Place, as_of: datetime, open_files: ExitStack) -> Offered:
    """The newest thing that the source offers; nothing is taken in."""
    offers = open_files.enter_context(on_offer(config, place, as_of)).offers
    if not offers:
        raise DataError(f"{place.source_id} offers nothing that is new: give a file (--file)")
    return offers[-1]


def _fill(shown: Preview, path: Path, context: Context, count: int) -> None:
    for batch in read_rows(_blocks(path), request_for(context.source, context.contract), Tally()):
        checked = check(batch, context)
        shown.refused += _problems(checked)[: MOST_PROBLEMS - len(shown.refused)]
        shown.rows += _good(checked, context, count - len(shown.rows))
        if len(shown.rows) >= count:
            return


def _good(checked: Checked, context: Context, count: int) -> list[dict[str, Any]]:
    """The first rows that pass, their cells as a person reads them."""
    passes = checked.passes.to_pylist() if checked.passes is not None else None
    lines = checked.columns["_line"]
    places = [place for place in range(len(lines)) if passes is None or passes[place]][:count]
    hashed = {name for name, column in context.contract.stored.items() if column.personal is Personal.HASH}
    names = ["_line", *context.contract.stored, "_flags"]
    return [{name: _shown(checked.columns[name][place].as_py(), name in hashed) for name in names} for place in places]


def _shown(value: Any, is_hash: bool) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(ZONE).isoformat(timespec="minutes")
    return f"hash:{value[:12]}…" if is_hash and value is not None else value


def _problems(checked: Checked) -> list[tuple[int, str, str]]:
    lines = checked.columns["_line"]
    found = [
        (lines[place].as_py(), problem.column, problem.message_vi)
        for problem in checked.problems
        for place, is_bad in enumerate(problem.mask.to_pylist())
        if is_bad
    ]
    return sorted(found)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block

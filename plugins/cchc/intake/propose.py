"""Looks at a sample and proposes how its source is declared, with what was assumed and how sure that is. Nothing is assumed in silence."""

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cchc.contracts import Column, Contract, contract, feeds
from cchc.errors import ConfigError
from cchc.intake.patterns import PATTERNS, Proposal, choose
from cchc.readers import Request, Tally, read_rows
from cchc.readers.text import plain

DEEPEST_HEADER = 30
LIKE = 0.6  # ours: a header at least this like a contract's is proposed for it
MOST_WORDS, LONGEST_WORD = 12, 40
BLOCK = 1 << 20


@dataclass(frozen=True)
class Look:
    """What a sample shows of itself: the format's words and its first rows."""

    format: dict
    rows: list[list[str]]


def look(sample: Path) -> Look:
    """The sample's format and first rows, read in a limited child. Raises Refusal when it is no file that can be read."""
    batches = list(read_rows(_blocks(sample), Request("peek", {}, {"row": "row"}, ()), Tally()))
    told, *rows = (json.loads(row) for batch in batches for row in batch["row"].to_pylist())
    return Look(told, rows)


def _blocks(sample: Path) -> Iterator[bytes]:
    with sample.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def propose(seen: Look, feed: str | None = None) -> Proposal:
    """The likeliest feed (or the one asked for), where its header stands, which header is which column, and the formats.

    Raises ConfigError when no row looks like the header of a feed, or two feeds are as likely.
    """
    places = [(row, name) for row in range(min(DEEPEST_HEADER, len(seen.rows))) for name in ([feed] if feed else feeds())]
    ranked = sorted(places, key=lambda place: -_known(contract(place[1]), seen.rows[place[0]]))
    if not ranked or (feed is None and not _known(contract(ranked[0][1]), seen.rows[ranked[0][0]])):
        raise ConfigError("no row of the sample looks like the header of a feed: say which with --feed (`cchc contract list`)")
    if feed and not _known(contract(feed), seen.rows[ranked[0][0]]):
        return _proposal(contract(feed), seen, _widest(seen.rows[:DEEPEST_HEADER]))
    (row, name), rivals = ranked[0], [place for place in ranked[1:] if place[1] != ranked[0][1]]
    if rivals and _known(contract(rivals[0][1]), seen.rows[rivals[0][0]]) == _known(contract(name), seen.rows[row]):
        raise ConfigError(f"the sample looks as much like {name} as like {rivals[0][1]}: say which with --feed")
    return _proposal(contract(name), seen, row)


def _widest(rows: list[list[str]]) -> int:
    """The first row with the most different cells: where nothing is known by name, a header names most columns."""
    return max(range(len(rows)), key=lambda at: (len(set(filter(None, rows[at]))), -at))


def _known(agreed: Contract, row: list[str]) -> float:
    """How much of a feed's header a row is: its columns found by name, those it must have counting double."""
    cells = set(map(plain, row))
    return sum(1 + column.required for column in agreed.stored.values() if plain(column.vi) in cells)


def _proposal(agreed: Contract, seen: Look, row: int) -> Proposal:
    columns = _matched(agreed, seen.rows[row])
    made = Proposal(agreed, _format(seen, row), columns, [], [])
    sample = _cells(made, seen, row)
    for name in [name for name, (_, alike) in columns.items() if alike < 1 and _is_another(agreed.columns[name], sample[name])]:
        columns.pop(name)
    wanted = [name for name, column in agreed.stored.items() if column.required or name in agreed.key]
    used = {header for header, _ in columns.values()}
    made.missing += [name for name in wanted if name not in columns]
    made.unused += [cell for cell in seen.rows[row] if cell and cell not in used]
    made.assumed += _format_doubts(seen)
    cells = _cells(made, seen, row)
    for word in PATTERNS:
        choose(made, word, cells)
    made.unknown = {name: words for name, values in cells.items() if (words := _unknown(agreed.columns[name], values))}
    return made


def _is_another(column: Column, values: list[str | None]) -> bool:
    """Whether a column that is only called alike holds something else: a few words are allowed, and its cells are free text."""
    words = {value for value in values if value} - set(column.allowed)
    return bool(column.allowed) and (len(words) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in words))


def _unknown(column: Column, values: list[str | None]) -> list[str]:
    """The words of a column of few allowed ones that the contract does not know; nothing of a column that looks like another."""
    if not column.allowed or _is_another(column, values):
        return []
    return sorted({value for value in values if value} - set(column.allowed))


def _cells(made: Proposal, seen: Look, row: int) -> dict[str, list[str | None]]:
    """The sample's cells of every column that was found."""
    places = {plain(header): at for at, header in enumerate(seen.rows[row])}
    at = {name: places[plain(header)] for name, (header, _) in made.columns.items()}
    return {name: [cells[place] or None for cells in seen.rows[row + 1 :] if len(cells) > place] for name, place in at.items()}


def _matched(agreed: Contract, header: list[str]) -> dict[str, tuple[str, float]]:
    """Same names first, then the likest pairs of what is left."""
    free = {plain(cell): cell for cell in header if cell}
    found = {name: (free.pop(plain(column.vi)), 1.0) for name, column in agreed.stored.items() if plain(column.vi) in free}
    pairs = [(_alike(plain(column.vi), cell), name, cell)
             for name, column in agreed.stored.items() if name not in found and not column.derived for cell in free]  # fmt: skip
    for alike, name, cell in sorted(pairs, reverse=True):
        if alike >= LIKE and name not in found and cell in free:
            found[name] = (free.pop(cell), round(alike, 2))
    return found


def _alike(wanted: str, found: str) -> float:
    """How alike two plain headers are; one that begins the other ("Tên", "Tên thủ tục") is at least worth proposing."""
    begins = len(found) > 2 and (wanted.startswith(found) or found.startswith(wanted))
    return max(difflib.SequenceMatcher(None, wanted, found).ratio(), LIKE if begins else 0)


def _format(seen: Look, row: int) -> dict:
    words = {name: value for name, value in seen.format.items() if name in ("kind", "delimiter", "encoding", "records", "record")}
    if len(seen.format.get("sheets", [])) > 1:
        words["sheet"] = seen.format["sheet"]
    return words | ({"header_row": row + 1} if words["kind"] in ("csv", "xlsx", "xls") else {})


def _format_doubts(seen: Look) -> Iterator[str]:
    told = seen.format
    if not told.get("encoding_sure", True):
        yield f"encoding {told['encoding']} fits best, by {told['encoding_confidence']:.0%} of the accented words: look at the preview"
    if not told.get("delimiter_sure", True):
        yield f"delimiter {told['delimiter']!r} is one of several that fit: say another in `read` if the preview looks wrong"
    if len(told.get("sheets", [])) > 1:
        yield f"the first of {len(told['sheets'])} sheets is read: {', '.join(told['sheets'])}; say others in `sheets`"


def from_url(made: Proposal, url: str, private: bool) -> dict:
    """How the source is connected whose sample is an answer of its API; what it fetches is kept as JSON Lines."""
    if made.format["kind"] not in ("json", "jsonl"):
        raise ConfigError(f"an API answers JSON, and the sample is {made.format['kind']}: leave --url out, or save an answer as the sample")
    records = made.format.get("records", "")
    made.format = {"kind": "jsonl"}
    made.assumed.append("paging: one answer is assumed to hold every record; say `paging`, and `count` where the source tells its total")
    return {"kind": "http", "url": url} | ({"records": records} if records else {}) | ({"allow_private": True} if private else {})


def source_yaml(made: Proposal, name: str, connect: dict, every: str, constants: dict[str, str] | None = None) -> str:
    """The proposal as the lines of one source under `sources:`, with a comment on everything that was assumed."""
    lines = [
        f"  {name}:  # {made.agreed.title_vi}",
        f"    feed: {made.agreed.feed}",
        f"    contract: {made.agreed.version}",
        f"    every: {every}",
    ]
    lines += [f"    connect: {_flow(connect)}", f"    read: {_flow(made.format)}"]
    lines += [f"    {word}: {json.dumps(value)}" for word, value in made.words.items()]
    renamed = {name: found for name, found in made.columns.items() if plain(found[0]) != plain(made.agreed.columns[name].vi)}
    if renamed:
        lines.append("    columns:")
    lines += [
        f"      {name}: {json.dumps(header, ensure_ascii=False)}  # {alike:.0%} like {made.agreed.columns[name].vi!r}"
        for name, (header, alike) in renamed.items()
    ]
    if constants:
        lines.append(f"    constants: {_flow(constants)}")
    lines += [f"    # MISSING {name}: no header like {made.agreed.columns[name].vi!r}; name it under `columns` or give it under `constants`"
              for name in made.missing if name not in (constants or {})]  # fmt: skip
    lines += [f"    # WORDS {name}: {', '.join(words)}; `values` says which of {', '.join(made.agreed.columns[name].allowed)} each means"
              for name, words in made.unknown.items()]  # fmt: skip
    if made.unused:
        lines.append(f"    # UNUSED headers of the sample: {', '.join(made.unused)}")
    return "\n".join([*lines, *(f"    # ASSUMED {doubt}" for doubt in made.assumed)]) + "\n"


def _flow(words: dict) -> str:
    return "{" + ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in words.items()) + "}"

"""Which line of a sender's YAML would mend what a check found, in the sender's language. From the file's own look, never from its cells."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cchc.connectors.sources import Source
from cchc.contracts import Contract, contract
from cchc.errors import CchcError
from cchc.intake.patterns import Proposal
from cchc.intake.propose import Look, look, propose
from cchc.readers.text import plain

FORMAT_WORDS = ("kind", "encoding", "delimiter", "records", "record")
PATTERN_OF = {"bad_date": "dates", "bad_instant": "instants", "bad_number": "decimal"}


def hints(yaml: str, source: Source, file: Path, entries: list[dict[str, Any]]) -> list[str]:
    """One sentence a line to change in `yaml` (the sender's file), the likeliest first; none when the file tells nothing.

    `entries`: the refused rows of a rehearsal, for the rules that a declared pattern would keep.
    """
    try:
        seen = look(file)
        made = propose(seen, source.feed)
    except CchcError:
        return []
    agreed = contract(source.feed, source.contract)
    found = [*_format(source, seen, made), *_columns(source, agreed, seen, made), *_patterns(source, agreed, made, entries)]
    return [f"{words} Thêm vào {yaml}: {line}" for words, line in found]


def _format(source: Source, seen: Look, made: Proposal) -> Iterator[tuple[str, str]]:
    """The whole `read:` line, when the file looks otherwise than declared."""
    declared = source.read.model_dump()
    other = {word: made.format[word] for word in FORMAT_WORDS if word in made.format and seen.format.get(f"{word}_sure", True)}
    odd = {word: value for word, value in other.items() if declared.get(word) not in (value, "auto")}
    row = made.format.get("header_row", 1)
    if declared.get("header_row", 1) != row and not _names(source, seen, declared["header_row"]):
        odd["header_row"] = row
    if odd:
        kept = source.read.model_dump(exclude_defaults=True) if "kind" not in odd else {}
        words = ", ".join(f"{word} là {value}, đang khai báo {declared.get(word, 'không có')}" for word, value in odd.items())
        yield f"Tệp có {words}.", f"read: {json.dumps({'kind': seen.format['kind']} | kept | odd, ensure_ascii=False)}"


def _names(source: Source, seen: Look, row: int) -> set[str]:
    """The wanted headers that stand in a row of the file."""
    agreed = contract(source.feed, source.contract)
    wanted = {plain(source.columns.get(name, column.vi)) for name, column in agreed.stored.items()}
    return wanted & set(map(plain, seen.rows[row - 1])) if row <= len(seen.rows) else set()


def _columns(source: Source, agreed: Contract, seen: Look, made: Proposal) -> Iterator[tuple[str, str]]:
    there = {plain(cell) for cell in seen.rows[made.format.get("header_row", 1) - 1]}
    taken = {plain(header) for header in source.columns.values()}
    for name, column in agreed.stored.items():
        wanted = source.columns.get(name, column.vi)
        if plain(wanted) in there or name in source.constants or column.derived:
            continue
        header, alike = made.columns.get(name, ("", 0.0))
        if header and plain(header) not in taken:
            yield f"Không thấy cột '{wanted}', có '{header}' giống {alike:.0%}.", f'columns: {{{name}: "{header}"}}'
        elif column.required or name in agreed.key:
            yield (
                f"Không thấy cột '{wanted}' và không có cột nào giống.",
                f'columns: {{{name}: "tên cột trong tệp"}} hoặc constants: {{{name}: ...}}',
            )


def _patterns(source: Source, agreed: Contract, made: Proposal, entries: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    broken = {entry["rule"] for entry in entries}
    for rule, word in PATTERN_OF.items():
        if rule in broken and made.words.get(word, getattr(source, word)) != getattr(source, word):
            yield f"Cách viết ngày hoặc số trong tệp đọc được theo {made.words[word]!r}.", f'{word}: "{made.words[word]}"'
    for name in sorted({entry["column_name"] for entry in entries if entry["rule"] == "not_allowed"}):
        allowed = agreed.columns[name].allowed
        yield (
            f"Cột {name} dùng từ khác với quy định.",
            f'values: {{{name}: {{"từ trong tệp": {allowed[0]}}}}} (được dùng: {", ".join(allowed)})',
        )

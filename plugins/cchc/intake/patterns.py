"""Which patterns of dates and numbers a sample's cells read under; between two that read them differently nobody chooses in silence."""

from dataclasses import dataclass, field

import pyarrow as pa

from cchc.connectors.sources import Source
from cchc.contracts import Column, Contract
from cchc.intake.cast import cast_column

DATES = (None, "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d.%m.%Y", "excel")
INSTANTS = (None, "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%d-%m-%Y %H:%M", "%d/%m/%Y", "excel")
PATTERNS: dict[str, tuple[set[str], tuple]] = {
    "dates": ({"date"}, DATES), "instants": ({"instant"}, INSTANTS), "decimal": ({"amount", "decimal"}, (".", ",")),
}  # fmt: skip


@dataclass
class Proposal:
    """A source as it may be declared. `columns`: contract column → (header, how alike from 0 to 1)."""

    agreed: Contract
    format: dict
    columns: dict[str, tuple[str, float]]
    missing: list[str]
    unused: list[str]
    words: dict[str, str] = field(default_factory=dict)  # dates, instants, decimal
    unknown: dict[str, list[str]] = field(default_factory=dict)  # contract column → words of the sample that it does not allow
    assumed: list[str] = field(default_factory=list)


def choose(made: Proposal, word: str, found: dict[str, list[str | None]]) -> None:
    """Declare `word` (dates, instants, decimal) by the first pattern under which every cell of its types reads.

    Others that fit as well, and would read other values, are named in `assumed`.
    """
    kinds, patterns = PATTERNS[word]
    columns = made.agreed.columns
    cells = [(columns[name], values) for name, values in found.items() if columns[name].type in kinds]
    if not any(value for _, values in cells for value in values):
        return
    fitting = [pattern for pattern in patterns if all(_reads(made, word, pattern, column, values) for column, values in cells)]
    if not fitting:
        made.assumed.append(f"{word}: no usual pattern reads every cell of {', '.join(column.vi for column, _ in cells)}: give one by hand")
        return
    if fitting[0] is not None and fitting[0] != ".":
        made.words[word] = fitting[0]
    others = [other for other in fitting[1:] if _differs(made, word, fitting[0], other, cells)]
    if others:
        made.assumed.append(f"{word}: {fitting[0] or 'ISO 8601'} is assumed, {' and '.join(others)} would read the sample too")


def _reads(made: Proposal, word: str, pattern: str | None, column: Column, values: list[str | None]) -> bool:
    return cast_column(pa.array(values, pa.string()), column, _trial(made, word, pattern)).bad is None


def _differs(made: Proposal, word: str, one: str | None, other: str, cells: list[tuple[Column, list[str | None]]]) -> bool:
    """Whether two patterns that read every cell read some of them as different values."""
    return any(
        cast_column(pa.array(values, pa.string()), column, _trial(made, word, one)).values
        != cast_column(pa.array(values, pa.string()), column, _trial(made, word, other)).values
        for column, values in cells
    )


def _trial(made: Proposal, word: str, pattern: str | None) -> Source:
    words = {"feed": made.agreed.feed, "contract": made.agreed.version, "every": "month", "connect": {"kind": "file_drop", "glob": "x"},
             "read": {"kind": "csv"}} | ({word: pattern} if pattern is not None else {})  # fmt: skip
    return Source.model_validate(words)

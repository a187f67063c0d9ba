"""What a reader is asked and what it answers; plain data that crosses the process border."""

from dataclasses import dataclass, field

from cchc.errors import DataError

MOST_HEADERS, LONGEST_HEADER = 500, 100
ENDS = "ends"  # in a verdict: the process that gave it reads nothing more
ABSENT = "absent"  # the schema of a reading's columns names under this word those that the file does not have


@dataclass(frozen=True)
class Request:
    """How one delivery's bytes look and which columns are wanted.

    `headers`: column name → header in the file. `required`: columns whose header must be there.
    `kind`: csv, xlsx, xls, json, jsonl or xml; `options`: the format's own settings (delimiter, encoding, header_row, sheet, ...).
    """

    kind: str
    options: dict
    headers: dict[str, str]
    required: tuple[str, ...]
    skip_rows: tuple[str, ...] = ()
    fold_by: str | None = None
    decimal: str = "."


@dataclass
class Tally:
    """The counts of one reading: `rows` data rows met, `counted` the second, independent count."""

    rows: int = 0
    counted: int = 0
    skipped: int = 0  # total rows, blank rows, folded events
    ragged: list[int] = field(default_factory=list)  # lines that can't be split into the columns
    errors: list[int] = field(default_factory=list)  # lines with a cell that shows an error or a formula never computed
    absent: list[str] = field(default_factory=list)  # optional columns that the file does not have
    found: list[str] = field(default_factory=list)  # the headers as the file has them (of records: the names met)
    sheets: list[str] = field(default_factory=list)  # the sheets that were read, by name
    unread: list[str] = field(default_factory=list)  # those that were left because nobody named any: the first was taken

    def note(self, headers: list[str]) -> None:
        """Keep the headers of the file, the first sheet's, as far as a person would look at them."""
        self.found = self.found or [header[:LONGEST_HEADER] for header in headers[:MOST_HEADERS]]


LONGEST_MESSAGE = 600


class Refusal(DataError):
    """A delivery that can't be read as a whole: `rule` and a sentence in Vietnamese for its sender.

    What it quotes from the file may hold anything; signs that no screen and no database takes become "?".
    """

    def __init__(self, rule: str, message_vi: str):
        message_vi = "".join(sign if sign.isprintable() else "?" for sign in message_vi[:LONGEST_MESSAGE])
        super().__init__(f"{rule}: {message_vi}")
        self.rule = rule
        self.message_vi = message_vi

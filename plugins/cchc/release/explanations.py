"""What an agency says to a line of the ledger: recorded once, never changed, shown from the next night on."""

import getpass
from dataclasses import astuple, dataclass
from datetime import date
from hashlib import sha256

from cchc.clock import ZONE, now
from cchc.errors import ConfigError, DataError
from cchc.release.read import ledger_lines
from cchc.warehouse.connect import connect
from cchc.warehouse.roles import LOADER


@dataclass(frozen=True)
class Line:
    """The key of a line of the ledger; `book`, `about` and `line_code` may be left out where one line is meant without them."""

    agency_code: str
    period_code: str
    check_id: str
    book: str | None = None
    about: str | None = None
    line_code: str | None = None

    def __str__(self) -> str:
        return ", ".join(str(part) for part in astuple(self) if part)


def explain(province: str, asked: Line, text: str, given_by: str, given_on: date | None, dry_run: bool = False) -> Line:
    """Record the agency's words for a line of the newest release's ledger; returns the line. Nights as of `given_on` (default
    today) or later show it; a later one takes its place, and both stay.

    Raises ConfigError without words or name, DataError when no line or several are meant.
    """
    if not text.strip() or not given_by.strip():
        raise ConfigError("an explanation needs its words and who gave it: --text '...' --by '...'")
    day = given_on or now().astimezone(ZONE).date()
    if day > now().astimezone(ZONE).date():
        raise ConfigError(f"an explanation can't have been given on {day}, which is to come")
    line = _one_line(province, asked)
    if not dry_run:
        _record(province, line, text.strip(), given_by.strip(), day)
    return line


def _one_line(province: str, asked: Line) -> Line:
    parts = astuple(asked)
    found = [key for key in ledger_lines(province) if all(part in (None, own) for part, own in zip(parts, key, strict=True))]
    if len(found) == 1:
        return Line(*found[0])
    if not found:
        raise DataError(f"the newest release's ledger has no line {asked}: see `cchc reconciliation list`")
    few = "; ".join(f"--book {book!r} --about {about!r} --line {code!r}" for *_, book, about, code in found[:3])
    raise DataError(f"{len(found)} lines of the ledger are {asked}: name one of them, e.g. {few}")


def _record(province: str, line: Line, text: str, given_by: str, given_on: date) -> None:
    """Both the explanation and its event, or neither."""
    with connect(LOADER) as connection:
        connection.execute(
            """insert into ops.reconciliation_explanation (agency_code, period_code, check_id, book, about, line_code, province,
                 explanation, given_by, given_on, recorded_at, recorded_by) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
            (*astuple(line), province, text, given_by, given_on, now(), getpass.getuser()),
        )
        connection.execute(
            "insert into audit.event (at, who, what, subject, hash_after, reason) values (%s, %s, 'reconciliation explained', %s, %s, %s)",
            (now(), getpass.getuser(), f"reconciliation {line}", sha256(text.encode()).hexdigest(), text),
        )

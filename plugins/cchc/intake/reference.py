"""Reference data come from the province folder as deliveries of their own: checked, compared, loaded whole (decision 7)."""

import csv
from hashlib import sha256
from itertools import accumulate
from pathlib import Path

import psycopg
from psycopg import sql

from cchc.clock import now
from cchc.errors import ConfigError
from cchc.intake.clauses import ranks
from cchc.intake.reference_names import check_names
from cchc.intake.store import ByteStore
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.golive import go_live_on
from cchc.warehouse.roles import LOADER

TABLES = (
    "unit", "calendar_day", "period", "directive", "obligation", "criterion", "grade", "contact", "user_scope", "setting",
    "delivery_calendar", "delivery_exception", "known_issue", "obligation_unit", "obligation_target", "reconciliation_check",
)  # fmt: skip
MAY_BE_LEFT_OUT = ("obligation_unit", "obligation_target", "reconciliation_check")  # a province without them has no such rows


def load_reference(config: Settings) -> str:
    """Load the province's reference CSVs when they differ from what is loaded; returns their common hash.

    All tables change together or not at all; the change and both hashes go to the audit; the files' bytes are kept.
    Raises ConfigError naming file and line.
    """
    folder, province = config.province / "reference", config.province.name
    there = [name for name in TABLES if name not in MAY_BE_LEFT_OUT or (folder / f"{name}.csv").is_file()]
    files = [folder / f"{name}.csv" for name in there]
    if missing := [f.name for f in files if not f.is_file()]:
        raise ConfigError(f"{folder}: {', '.join(missing)} not there; see docs/reference-data.md")
    digest = sha256("".join(sha256(f.read_bytes()).hexdigest() for f in files).encode()).hexdigest()
    with connect(LOADER) as connection:
        connection.execute("select pg_advisory_xact_lock(hashtext('cchc reference'))")
        row = connection.execute("select content_hash from reference.load where province = %s", (province,)).fetchone()
        if row and row[0] == digest:
            return digest
        store = ByteStore(config)
        for name in TABLES:
            connection.execute(sql.SQL("delete from {} where province = %s").format(sql.Identifier("reference", name)), (province,))
        for name, path in zip(there, files, strict=True):
            store.keep(path)
            _fill(connection, name, province, path)
        check_names(connection, province)
        go_live_on(connection, province)  # a wrong one is told now, not in the night that needs it
        connection.execute(
            """insert into reference.load values (%s, %s, %s) on conflict (province)
               do update set content_hash = excluded.content_hash, loaded_at = excluded.loaded_at""",
            (province, digest, now()),
        )
        connection.execute(
            "insert into audit.event (at, who, what, subject, hash_before, hash_after) values (%s, %s, 'reference loaded', %s, %s, %s)",
            (now(), "cchc", province, row and row[0], digest),
        )
    return digest


def _fill(connection: psycopg.Connection, table: str, province: str, path: Path) -> None:
    header, rows = _read(path)
    name = sql.Identifier("reference", table)
    columns = sql.SQL(", ").join(map(sql.Identifier, ["province", *header]))
    try:
        with connection.cursor() as cursor, cursor.copy(sql.SQL("copy {} ({}) from stdin").format(name, columns)) as copy:
            for row in rows:
                copy.write_row([province, *row])
    except psycopg.Error as error:
        where = (error.diag.context or "").split(":")[0]
        raise ConfigError(f"reference/{path.name}: {error.diag.message_primary or error} ({where}); correct the file") from error


def _read(path: Path) -> tuple[list[str], list[list[str | None]]]:
    """Header and rows of a reference CSV, empty cells as None. Raises ConfigError for a row of another length."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file, strict=True))
    for line, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise ConfigError(f"reference/{path.name}, line {line}: {len(row)} cells where the header has {len(header)}")
    cells = [[cell or None for cell in row] for row in rows]
    complete = {"calendar_day": _with_working_numbers, "obligation": _with_clause_ranks}.get(path.stem)
    return complete(header, cells) if complete else (header, cells)


def _with_working_numbers(header: list[str], rows: list[list[str | None]]) -> tuple[list[str], list[list[str | None]]]:
    """The running count of working days: durations become a difference of two numbers (scale rule 4)."""
    day, works = header.index("day"), header.index("is_working")
    rows = sorted(rows, key=lambda row: row[day] or "")
    numbers = accumulate(int(row[works] == "true") for row in rows)
    return [*header, "working_number"], [[*row, str(number)] for row, number in zip(rows, numbers, strict=True)]


def _with_clause_ranks(header: list[str], rows: list[list[str | None]]) -> tuple[list[str], list[list[str | None]]]:
    """Each clause's place in its directive, so that the mart can be listed in the directive's order; empty booleans are false."""
    directive, clause = header.index("directive"), header.index("clause")
    order = ranks([(row[directive] or "", row[clause] or "") for row in rows])
    awaits = header.index("awaits_measure") if "awaits_measure" in header else len(header)
    told = [[cell or "false" if place == awaits else cell for place, cell in enumerate(row)] for row in rows]
    return [*header, "clause_rank"], [[*row, str(order[row[directive] or "", row[clause] or ""])] for row in told]

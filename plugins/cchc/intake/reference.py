"""Reference data come from the province folder as deliveries of their own: checked, compared, loaded whole (decision 7)."""

import csv
from hashlib import sha256
from itertools import accumulate
from pathlib import Path

import psycopg
from psycopg import sql

from cchc.clock import now
from cchc.contracts import feeds
from cchc.errors import ConfigError
from cchc.intake.store import ByteStore
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.golive import go_live_on
from cchc.warehouse.roles import LOADER

TABLES = (
    "unit", "calendar_day", "period", "directive", "obligation", "criterion", "grade", "contact", "user_scope", "setting",
    "delivery_calendar", "delivery_exception", "known_issue",
)  # fmt: skip
UNKNOWN_NAMES = """
select 'delivery_calendar.csv', 'feed ' || feed from reference.delivery_calendar where province = %(province)s and feed <> all(%(feeds)s)
union all select 'delivery_exception.csv', 'feed ' || feed from reference.delivery_exception
  where province = %(province)s and feed <> all(%(feeds)s)
union all select 'delivery_exception.csv', 'unit ' || agency_code from reference.delivery_exception e
  where province = %(province)s and not exists (select from reference.unit u where u.agency_code = e.agency_code)
union all select 'delivery_exception.csv', 'period ' || period_code from reference.delivery_exception e
  where province = %(province)s
    and not exists (select from reference.period p where (p.province, p.period_code) = (e.province, e.period_code))
union all select 'contact.csv', 'unit ' || agency_code from reference.contact c
  where province = %(province)s and agency_code is not null
    and not exists (select from reference.unit u where u.agency_code = c.agency_code)
order by 1, 2"""


def load_reference(config: Settings) -> str:
    """Load the province's reference CSVs when they differ from what is loaded; returns their common hash.

    All tables change together or not at all; the change and both hashes go to the audit; the files' bytes are kept.
    Raises ConfigError naming file and line.
    """
    folder, province = config.province / "reference", config.province.name
    files = [folder / f"{name}.csv" for name in TABLES]
    if missing := [f.name for f in files if not f.is_file()]:
        raise ConfigError(f"{folder}: {', '.join(missing)} not there; see docs/reference-data.md")
    digest = sha256("".join(sha256(f.read_bytes()).hexdigest() for f in files).encode()).hexdigest()
    with connect(LOADER) as connection:
        connection.execute("select pg_advisory_xact_lock(hashtext('cchc reference'))")
        row = connection.execute("select content_hash from reference.load where province = %s", (province,)).fetchone()
        if row and row[0] == digest:
            return digest
        store = ByteStore(config)
        for name, path in zip(TABLES, files, strict=True):
            store.keep(path)
            _replace(connection, name, province, path)
        _refuse_unknown_names(connection, province)
        _check_scopes(connection, province)
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


def _replace(connection: psycopg.Connection, table: str, province: str, path: Path) -> None:
    header, rows = _read(path)
    name = sql.Identifier("reference", table)
    connection.execute(sql.SQL("delete from {} where province = %s").format(name), (province,))
    columns = sql.SQL(", ").join(map(sql.Identifier, ["province", *header]))
    try:
        with connection.cursor() as cursor, cursor.copy(sql.SQL("copy {} ({}) from stdin").format(name, columns)) as copy:
            for row in rows:
                copy.write_row([province, *row])
    except psycopg.Error as error:
        where = (error.diag.context or "").split(":")[0]
        raise ConfigError(f"reference/{path.name}: {error.diag.message_primary or error} ({where}); correct the file") from error


def _check_scopes(connection: psycopg.Connection, province: str) -> None:
    """A scope names a unit of the province. Raises ConfigError otherwise."""
    query = """select distinct agency_code from reference.user_scope s where province = %(p)s and not exists
               (select from reference.unit u where u.province = %(p)s and u.agency_code = s.agency_code) order by 1"""
    if unknown := [row[0] for row in connection.execute(query, {"p": province})]:
        raise ConfigError(f"reference/user_scope.csv: {', '.join(unknown)} not in reference/unit.csv; correct agency_code or add the unit")


def _refuse_unknown_names(connection: psycopg.Connection, province: str) -> None:
    """Feeds, units and periods of the delivery calendar and the contacts must be known ones."""
    wrong = connection.execute(UNKNOWN_NAMES, {"province": province, "feeds": feeds()}).fetchall()
    if wrong:
        raise ConfigError("; ".join(f"reference/{file}: {what} is not known" for file, what in wrong[:5]) + "; correct the file")


def _read(path: Path) -> tuple[list[str], list[list[str | None]]]:
    """Header and rows of a reference CSV, empty cells as None. Raises ConfigError for a row of another length."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file, strict=True))
    for line, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise ConfigError(f"reference/{path.name}, line {line}: {len(row)} cells where the header has {len(header)}")
    cells = [[cell or None for cell in row] for row in rows]
    return _with_working_numbers(header, cells) if path.stem == "calendar_day" else (header, cells)


def _with_working_numbers(header: list[str], rows: list[list[str | None]]) -> tuple[list[str], list[list[str | None]]]:
    """The running count of working days: durations become a difference of two numbers (scale rule 4)."""
    day, works = header.index("day"), header.index("is_working")
    rows = sorted(rows, key=lambda row: row[day] or "")
    numbers = accumulate(int(row[works] == "true") for row in rows)
    return [*header, "working_number"], [[*row, str(number)] for row, number in zip(rows, numbers, strict=True)]

"""No person outside the encrypted bytes: everything that a whole installation wrote is searched, byte by byte."""

import io
import json
import os
import re
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from planted import FEEDS, NAMES, NUMBERS, csv_text, failing_files, first_files, good_row, plants, put, sender_yaml, sort_of
from psycopg import sql
from pypdf import PdfReader

from cchc.readers.text import plain
from cchc.settings import Settings
from cchc.warehouse.binaries import bin_folder, server_user
from cchc.warehouse.connect import admin_url
from cchc.warehouse.embedded import EmbeddedServer
from own_home import own_home
from province import write_reference

CCHC = Path(sys.executable).with_name("cchc")
SORTS = ("never", "free", "key")
FREE = {agreed.feed: {n for n in agreed.stored if sort_of(agreed, n) != "never"} for agreed in FEEDS}  # stored as delivered, by contract
FREE_NAMES = set().union(*FREE.values())
REFUSED = {"wrong_encoding", "missing_column", "unreadable"}
QUARANTINED = {"bad_date", "bad_number", "bad_instant", "bad_boolean", "not_allowed", "unknown_unit", "too_long", "control_character",
               "ragged_row", "conflicting_duplicate"}  # fmt: skip


@dataclass
class Written:
    """What an installation left: its settings, what its commands said and how they ended."""

    config: Settings
    said: dict[str, str] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)

    def cchc(self, *words: str) -> str:
        """Run a command; its words on both streams are kept."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("CCHC_") or k in ("CCHC_SHARED",)}
        places = {"CCHC_HOME": str(self.config.home), "CCHC_PROVINCE": str(self.config.province)}
        done = subprocess.run([CCHC, *words], env=environment | places, capture_output=True, text=True, timeout=900)
        name = f"{len(self.said):02d} {' '.join(words)}"
        self.said[name], self.ended[name] = done.stdout + done.stderr, done.returncode
        return done.stdout.strip()

    def rows(self, query: str) -> list[tuple]:
        with psycopg.connect(admin_url(self.config)) as admin:
            return admin.execute(query).fetchall()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    """A home with its own server in which everything went wrong once."""
    folder = tmp_path_factory.mktemp("persons")
    province = folder / "thu-nghiem"
    (province / "sources").mkdir(parents=True)
    write_reference(province, years=range(2011, 2015))
    (province / "sources/so-mot.yaml").write_text(sender_yaml(), encoding="utf-8")
    with own_home(folder / "home") as config:
        config = Settings(home=config.home, keys=config.keys, inbox=config.inbox, province=province)
        found = Written(config)
        found.cchc("migrate")
        config.inbox_path.mkdir()
        _live(found)
        yield found


def _live(found: Written) -> None:
    """A good night with its report, a day of every failure, a dbt failure, a COPY failure, a backup."""
    for agreed in FEEDS:
        put(found.config.inbox_path, agreed, first_files(agreed))
    found.cchc("run", "nightly", "--as-of", "2014-04-01")
    found.cchc("report", "--period", "2013-Q1")
    for agreed in FEEDS:
        put(found.config.inbox_path, agreed, failing_files(agreed))
    found.cchc("run", "ingest", "--as-of", "2014-04-02")
    found.cchc("run", "nightly", "--as-of", "2014-04-02")
    for words in (("delivery", "list"), ("quarantine", "list"), ("source", "list"), ("run", "list"), ("release", "verify")):
        found.cchc(*words)
    _break_dbt(found)
    _break_copy(found)
    found.cchc("backup")


def _break_dbt(found: Written) -> None:
    """Reading the plans fails on a free text of a row, as a cast in a model would."""
    first = next(agreed for agreed in FEEDS if agreed.feed == "plan_task")
    put(found.config.inbox_path, first, {"2014-03-20_spilling.csv": csv_text(first, [good_row(first, 1) | {"title": plants("free")[0]}] * 1
        + [good_row(first, n) for n in range(2, 20)]).encode()})  # fmt: skip
    found.cchc("run", "ingest", "--as-of", "2014-04-03")
    with psycopg.connect(admin_url(found.config), autocommit=True) as admin:
        admin.execute("""create function public.spill(t text) returns boolean language plpgsql as
                         'begin if t <> ''abc'' and t !~ ''^Kiểm'' then perform t::int; end if; return true; end'""")
        admin.execute("alter table accepted.plan_task enable row level security")
        admin.execute("create policy reads on accepted.plan_task for select to cchc_transformer using (spill(title))")
        admin.execute("create policy writes on accepted.plan_task to cchc_loader using (true)")
    found.cchc("run", "nightly", "--full-refresh", "--no-ingest", "--as-of", "2014-04-03")
    with psycopg.connect(admin_url(found.config), autocommit=True) as admin:
        admin.execute("alter table accepted.plan_task disable row level security")


def _break_copy(found: Written) -> None:
    """Every accepted table refuses every row: PostgreSQL's message would quote it."""
    with psycopg.connect(admin_url(found.config), autocommit=True) as admin:
        for agreed in FEEDS:
            admin.execute(sql.SQL("alter table accepted.{} add check (false) not valid").format(sql.Identifier(agreed.feed)))
    for agreed in FEEDS:
        row = good_row(agreed, 1)
        free = {name: plants("free")[0] for name in row if sort_of(agreed, name) == "free"}
        put(found.config.inbox_path, agreed, {"2014-03-21_no_copy.csv": csv_text(agreed, [row | free]).encode() + b"\n"})
    found.cchc("run", "ingest", "--as-of", "2014-04-04")


def needles(sort: str) -> list[bytes]:
    """A sort's words as bytes may hold them: both forms of Unicode, escaped as JSON does, in UTF-16, without accents."""
    root = NAMES[sort].split()[-1]
    texts = [unicodedata.normalize(form, root) for form in ("NFC", "NFD")]
    spaced = [f"{number[:4]} {number[4:7]} {number[7:]}" for number in NUMBERS[sort]]
    texts += [json.dumps(text)[1:-1] for text in texts] + [plain(root), *(number.lstrip("0") for number in NUMBERS[sort]), *spaced]
    return [text.encode(code) for text in texts for code in ("utf-8", "utf-16-le")]


PATTERNS = {sort: re.compile(b"|".join(map(re.escape, needles(sort)))) for sort in SORTS}


def sorts_in(content: bytes) -> set[str]:
    return {sort for sort, pattern in PATTERNS.items() if pattern.search(content)}


def contents(path: Path) -> Iterator[bytes]:
    """A file's bytes, and what a packed or printed one says."""
    content = path.read_bytes()
    yield content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    if path.suffix == ".pdf":
        yield "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).encode()


def test_everything_that_can_go_wrong_went_wrong(written: Written) -> None:
    assert {row[0] for row in written.rows("select distinct reason_rule from ops.delivery where status = 'refused'")} >= REFUSED
    assert {row[0] for row in written.rows("select distinct rule from quarantine.row")} >= QUARANTINED
    assert written.rows("select count(*) from ops.delivery where status = 'held'")[0][0] > 0, "a suite held something"
    assert {row[0] for row in written.rows("select distinct feed from ops.delivery where rows_accepted > 0")} == set(FREE)
    [(message,)] = written.rows("select message from ops.model_result where status = 'error' limit 1")
    assert "invalid input syntax for type integer: …" in message
    [(failures,)] = written.rows("select message from ops.ingest order by as_of desc limit 1")
    assert all(f"/so-mot/{agreed.feed}-csv" in failures for agreed in FEEDS) and "violates check constraint" in failures
    assert written.rows("select count(*) from release.manifest")[0][0] >= 1
    assert {path.suffix for path in (written.config.home / "reports").rglob("*.*")} >= {".docx", ".pdf", ".xlsx", ".json"}
    assert sum(written.ended.values()) > 0
    assert not [name for name, code in written.ended.items() if code == 70], written.said


def test_no_command_said_a_person(written: Written) -> None:
    assert {name: sorts_in(text.encode()) for name, text in written.said.items() if sorts_in(text.encode())} == {}


def test_no_table_holds_a_person_but_accepted_free_text(written: Written) -> None:
    columns = written.rows(
        """select table_schema, table_name, column_name from information_schema.columns
           where table_schema not in ('pg_catalog', 'information_schema') order by 1, 2, ordinal_position"""
    )
    assert len({row[:2] for row in columns}) > 50
    found = set()
    with psycopg.connect(admin_url(written.config)) as admin:
        for schema, table, column in columns:
            query = sql.SQL("select string_agg({}::text, E'\\n') from {}").format(sql.Identifier(column), sql.Identifier(schema, table))
            text = admin.execute(query).fetchone()[0] or ""
            found |= {(schema, table, column, sort) for sort in sorts_in(text.encode())}
    kept = {("accepted", feed, column) for feed, names in FREE.items() for column in names}
    surprises = {place for place in found if not _may_stand(*place, kept)}
    assert surprises == set()
    assert {place[:3] for place in found} & kept, "the search finds what is there"


def _may_stand(schema: str, table: str, column: str, sort: str, kept: set[tuple[str, str, str]]) -> bool:
    """Free columns as delivered, and dbt's copies of them; the key of a refused row, which its sender finds it by."""
    if sort == "never":
        return False
    if (schema, table) == ("quarantine", "row"):
        return sort == "key" and column in ("cells", "row_key")
    return (schema, table, column) in kept or (schema.endswith(("_staging", "_facts")) and column in FREE_NAMES)


def test_no_file_holds_a_person(written: Written) -> None:
    """Free text may stand in the server's own data files; persons may not stand even there."""
    server = EmbeddedServer(written.config)
    files = {path for folder in (written.config.home, server.folder) for path in folder.rglob("*") if path.is_file()}
    files = {path for path in files if not path.is_relative_to(written.config.inbox_path)}
    assert [path for path in files if path.suffix == ".log" and path.is_relative_to(server.folder)], "the server's log is among them"
    assert len([path for path in files if path.is_relative_to(server.data)]) > 500
    found = {}
    for path in files:
        data = path.is_relative_to(server.data) and path.suffix != ".log"
        slip = path.is_relative_to(written.config.home / "slips")  # a sender finds its row by the key
        for content in contents(path):
            if bad := sorts_in(content) - ({"free", "key"} if data else {"key"} if slip else set()):
                found[str(path)] = bad
    assert found == {}


def test_no_backup_holds_a_person(written: Written) -> None:
    [dump] = (written.config.home / "backup").glob("*/warehouse.dump")
    program = bin_folder(written.config.home, server_user()) / "pg_restore"
    text = subprocess.run([program, "--file=-", dump], capture_output=True, check=True).stdout
    assert len(text) > 100_000
    assert "never" not in sorts_in(text)


def test_the_search_would_find_a_leak(written: Written, tmp_path: Path) -> None:
    for sort in SORTS:
        for number, word in enumerate(plants(sort)):
            leak = tmp_path / f"{sort}{number}.log"
            leak.write_text(f"ERROR: cell {word!r}", encoding="utf-8")
            assert sorts_in(leak.read_bytes()) == {sort}
            assert sorts_in(json.dumps({"x": word}).encode()) == {sort}

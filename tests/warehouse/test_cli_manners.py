"""The manners of the command line, shown by the real command: exit codes, where words go, JSON, dry runs."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from cchc.cli import app as cli
from cchc.errors import CchcError, ConfigError, DataError, GateError, UnreachableError
from cchc.settings import Settings
from cchc.warehouse.connect import admin_url
from house import PROJECT, installation
from small_night import ROWS, ingest, make_province, send_dossiers, send_staff

CCHC = Path(sys.executable).with_name("cchc")
WRITES = [
    ("run", "ingest"), ("run", "nightly"), ("history",), ("migrate",), ("backup",), ("demo", "generate"), ("contract", "suites"),
    ("delivery", "withdraw", "2", "--reason", "gửi nhầm"), ("quarantine", "replay"), ("slip", "write"),
]  # fmt: skip
CLOSED_PORT = "postgresql://cchc_admin:x@127.0.0.1:1/cchc"
READS = [
    ("run", "list"), ("delivery", "list"), ("quarantine", "list"), ("quarantine", "show", "1"), ("slip", "list"), ("source", "list"),
    ("contract", "list"), ("release", "list"), ("measure", "list"), ("measure", "show", "on_time_rate"),
    ("release", "verify"),
]  # fmt: skip


def cchc(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([CCHC, *words], env=os.environ | environment, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def filled(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Two senders; one delivery with a bad row; nothing built yet."""
    folder = tmp_path_factory.mktemp("manners")
    (folder / "thu-nghiem/sources").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch, installation(server, folder, folder / "thu-nghiem", patch) as config:
        make_province(config)
        send_dossiers(config, "2013-03-31", [*ROWS, ("A-4", "2013-02-31T08:00", "", "", "")])
        send_staff(config, "2013-03-31", 5)
        ingest(config, "2013-03-31")
        yield config


def state() -> tuple[list[tuple], list[tuple]]:
    """The deliveries, and the audit."""
    with psycopg.connect(admin_url()) as connection:
        deliveries = connection.execute("select delivery_id, status, judged, reason from ops.delivery order by 1").fetchall()
        return deliveries, connection.execute("select what, subject, reason from audit.event order by event_id").fetchall()


def test_each_exit_code_means_one_thing(filled: Settings) -> None:
    cases = {
        0: ("delivery", "list"),
        1: ("delivery", "accept", "1", "--reason", "đã được nhận rồi"),
        2: ("delivery", "accept"),
        3: ("delivery", "withdraw", "999", "--reason", "không có"),
    }
    ended = {code: cchc(*words) for code, words in cases.items()}
    assert {code: done.returncode for code, done in ended.items()} == {code: code for code in cases}
    assert all("Traceback" not in done.stderr for done in ended.values())


@pytest.mark.parametrize(
    ("words", "named"),
    [(("nonsense",), "'nonsense'"), (("run", "nightly", "--as-of", "tomorrow"), "'tomorrow'"), (("delivery", "accept", "one"), "number")],
)
def test_wrong_usage_is_2_and_names_what_was_wrong(words: tuple[str, ...], named: str) -> None:
    done = cchc(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr


@pytest.mark.parametrize("words", [("release", "list"), ("migrate",)])
def test_a_server_that_is_not_there_is_4_and_one_line(config: Settings, words: tuple[str, ...]) -> None:
    done = cchc(*words, CCHC_WAREHOUSE_URL=CLOSED_PORT)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("✗ the warehouse does not answer: ") and done.stderr.count("\n") == 1


def test_a_home_that_was_never_made_is_3_and_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for word in [w for w in os.environ if w.startswith("CCHC_")]:
        monkeypatch.delenv(word)
    done = cchc("release", "list", CCHC_HOME=str(tmp_path / "none"))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert "run `cchc migrate`" in done.stderr
    assert not (tmp_path / "none").exists(), "reading makes nothing"


def test_a_gate_that_refuses_is_5_and_no_word_of_it_is_data(config: Settings) -> None:
    make_province(config)
    done = cchc("run", "nightly", "--as-of", "2013-03-31")
    assert (done.returncode, done.stdout) == (5, "")
    assert "is red, the last release stands" in done.stderr


@pytest.mark.parametrize(
    ("error", "code"),
    [(DataError("x"), 1), (ConfigError("x"), 3), (UnreachableError("x"), 4), (GateError("x"), 5), (CchcError("x"), 70),
     (RuntimeError("x"), 70), (OSError(28, "No space left on device", "var"), 4), (PermissionError(13, "Permission denied", "var"), 4)],
)  # fmt: skip
def test_every_error_has_its_code_and_only_a_bug_shows_its_trace(
    error: Exception, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (code, "")
    assert ("Traceback" in said.err) == isinstance(error, RuntimeError)


def test_every_read_speaks_json_on_stdout_alone(filled: Settings) -> None:
    for words in READS:
        done = cchc(*words, "--json")
        rows = json.loads(done.stdout)
        assert done.returncode == 0, words
        assert isinstance(rows, list), words
        assert rows or words[0] in ("run", "release"), words
    refused = json.loads(cchc("quarantine", "list", "--json").stdout)
    assert [(row["line"], row["rule"], row["column"]) for row in refused] == [(5, "bad_instant", "received_at")]
    findings = json.loads(cchc("doctor", "--json").stdout)
    assert {row["check"] for row in findings} >= {"python", "disk", "engine", "schema", "province", "keys"}


def test_talk_goes_to_stderr(filled: Settings) -> None:
    for words in (("migrate",), ("run", "ingest", "--as-of", "2013-03-31"), ("release", "verify", "--json")):
        done = cchc(*words)
        assert done.stdout.strip() in ("", "[]"), words
        assert "✓" in done.stderr, words


def files_of(*folders: Path) -> dict[Path, tuple[int, int]]:
    """Size and time of every file under the folders."""
    return {p: (p.stat().st_size, p.stat().st_mtime_ns) for folder in folders for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("words", WRITES, ids=lambda words: " ".join(words[:2]))
def test_a_dry_run_changes_nothing(filled: Settings, words: tuple[str, ...]) -> None:
    send_staff(filled, "2013-04-01", 5)
    before, files = state(), files_of(filled.home, filled.province, PROJECT / "expectations")
    done = cchc(*words, "--dry-run")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert done.stderr.startswith(("would be", "="))
    assert (state(), files_of(filled.home, filled.province, PROJECT / "expectations")) == (before, files)


def test_a_dry_ingest_names_the_files(filled: Settings) -> None:
    send_staff(filled, "2013-04-01", 5)
    assert cchc("run", "ingest", "--dry-run").stderr == "would be read: so-mot so-mot/2013-04-01/staff.csv\n"


def test_the_real_one_changes_and_is_audited(filled: Settings) -> None:
    before = state()
    assert cchc("delivery", "withdraw", "2", "--reason", "gửi nhầm").returncode == 0
    deliveries, audit = state()
    assert [row for row in deliveries if row not in before[0]] == [(2, "withdrawn", True, "gửi nhầm")]
    assert audit[len(before[1]) :] == [("delivery withdrawn", "delivery 2", "gửi nhầm")]


def test_a_decision_without_a_reason_is_no_decision(filled: Settings) -> None:
    before = state()
    assert cchc("delivery", "withdraw", "1", "--reason", "  ").returncode == 3
    assert cchc("delivery", "withdraw", "1").returncode == 2
    assert state() == before

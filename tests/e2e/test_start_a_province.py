"""docs/how-to-start-a-province.md, command by command: from a workbook to the first accepted row of a new agency."""

import csv
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import psycopg
import pytest
import xlsxwriter

from cchc.province.units import COLUMNS
from cchc.settings import Settings, settings
from cchc.warehouse.connect import admin_url
from house import PROJECT

CCHC = Path(sys.executable).with_name("cchc")
UNITS = [["H38", "Ủy ban nhân dân tỉnh Lào Cai", "tỉnh", "tỉnh", "", "", "01/01/2004"]]
UNITS += [[f"H38.{n:02d}", f"Sở số {n}", "sở", "tỉnh", "department", "H38", "01/01/2004"] for n in range(1, 31)]
SECONDS = 120  # the machine's share of the ten minutes, with room for a busy one


def commands() -> Iterator[list[str]]:
    """The page's commands, in their order."""
    text = (PROJECT / "docs/how-to-start-a-province.md").read_text(encoding="utf-8")
    for block in re.findall(r"```\n(.+?)```", text, re.DOTALL):
        for line in block.splitlines():
            if line.startswith("cchc "):
                yield shlex.split(line)[1:]


def cchc(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([CCHC, *words], cwd=cwd, env=dict(os.environ), capture_output=True, text=True, timeout=300)


@pytest.fixture
def place(config: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the workbook; the province that the page exports."""
    book = xlsxwriter.Workbook(tmp_path / "units.xlsx")
    sheet = book.add_worksheet()
    for line, row in enumerate([list(COLUMNS.values()), *UNITS]):
        sheet.write_row(line, 0, row)
    book.close()
    monkeypatch.setenv("CCHC_PROVINCE", "lao-cai")
    return tmp_path


def start(place: Path, config: Settings) -> dict[str, subprocess.CompletedProcess[str]]:
    """Run the page; the first file is there when the ingest looks for it."""
    done = {}
    file = config.inbox_path / "so-du-lich/organisation.csv"
    file.parent.mkdir(parents=True)
    file.write_text("Mã cơ quan,Thực hiện một cửa từ\nH38.31,2026-12-01\n", encoding="utf-8")
    for words in commands():
        ended = cchc(*words, cwd=place)
        assert ended.returncode == 0, (words, ended.stdout, ended.stderr)
        done[" ".join(words[:2])] = ended
    return done


def test_agency_31_from_nothing_to_its_first_accepted_row(place: Path, config: Settings) -> None:
    begun = monotonic()
    done = start(place, config)
    assert monotonic() - begun < SECONDS
    assert set(done) == {"province init", "migrate", "doctor", "agency add", "run ingest", "delivery list"}
    assert re.search(r"✓ 31 units, \d\d duties of 2 directives", done["province init"].stderr)
    assert "have no data" not in done["province init"].stderr, "every duty's measures are made"
    assert "next: put a file into" in done["agency add"].stderr
    with psycopg.connect(admin_url()) as admin:
        assert admin.execute("select agency_code from accepted.organisation").fetchall() == [("H38.31",)]
        assert admin.execute("select count(*) from reference.unit where province = 'lao-cai'").fetchone() == (32,)
        assert admin.execute("select role, agency_code from reference.user_scope").fetchall() == [("operator", "H38")]


def test_adding_twice_changes_nothing_and_no_made_up_row_enters(place: Path, config: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    start(place, config)
    monkeypatch.setenv("CCHC_PROVINCE", str(place / "lao-cai"))
    settings.cache_clear()
    table, sender = place / "lao-cai/reference/unit.csv", place / "lao-cai/sources/so-du-lich.yaml"
    before = table.read_bytes(), sender.read_bytes()
    again = next(words for words in commands() if words[0] == "agency")
    assert "= reference/unit.csv" in cchc(*again, cwd=place).stderr
    other = cchc(*[word.replace("Sở Du lịch", "Sở Khác") for word in again], cwd=place)
    assert (other.returncode, "another name_vi" in other.stderr) == (3, True)
    wrong = cchc(*[word.replace("H38.31", "H38.32").replace("2027-01-01", "01/2027") for word in again], cwd=place)
    assert wrong.returncode == 2
    orphan = [word if word != "H38" else "H99" for word in again]
    orphan[2] = "H38.33"
    assert "H99 is no unit of the list" in cchc(*orphan, cwd=place).stderr
    assert (table.read_bytes(), sender.read_bytes()) == before
    sender.write_text("synthetic: true\n" + sender.read_text(encoding="utf-8"), encoding="utf-8")
    (config.inbox_path / "so-du-lich/organisation_2.csv").write_text("Mã cơ quan,Thực hiện một cửa từ\nH38.31,2026-12-02\n")
    refused = cchc("run", "ingest", "--sender", "so-du-lich", cwd=place)
    assert refused.returncode == 1
    assert "synthetic data are refused" in refused.stderr
    listed = json.loads(cchc("delivery", "list", "--json", cwd=place).stdout)
    assert [(row["status"], row["accepted"]) for row in listed] == [("accepted", 1)]


def test_a_dry_run_of_both_writes_nothing(place: Path, config: Settings) -> None:
    words = list(commands())
    assert cchc(*words[0], "--dry-run", cwd=place).returncode == 0
    assert not (place / "lao-cai").exists()
    cchc(*words[0], cwd=place)
    before = sorted(path.relative_to(place) for path in (place / "lao-cai").rglob("*"))
    adding = next(line for line in words if line[0] == "agency")
    assert "would be: sources/so-du-lich.yaml" in cchc(*adding, "--dry-run", cwd=place).stderr
    assert sorted(path.relative_to(place) for path in (place / "lao-cai").rglob("*")) == before
    with open(place / "lao-cai/reference/unit.csv", encoding="utf-8", newline="") as file:
        assert len(list(csv.reader(file))) == 32

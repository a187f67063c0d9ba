"""The list of planted defects: sound in itself, true of the files, equal to the table in docs/demonstration.md."""

import re
import unicodedata
from pathlib import Path

import pytest
from demo_files import made_once

from cchc.contracts import contract
from cchc.demo import DEFECTS, Defect
from cchc.demo.facts import PUBLISHED_AS_OF

PROJECT = Path(__file__).resolve().parents[2]
INTAKE_RULES = {
    "required", "bad_date", "bad_instant", "bad_number", "bad_boolean", "not_allowed", "too_long", "unknown_unit", "foreign_unit",
    "below_min", "above_max", "control_character", "conflicting_duplicate",
    "unreadable", "wrong_encoding", "missing_column", "count_mismatch", "no_rows",
}  # fmt: skip
FACT_RULES = {"unknown_procedure"}  # expectations/marts/mart_dossier.json
MARK = "Lò Văn Mẫu"  # the applicant of every planted row
IDS = [defect.id for defect in DEFECTS]


@pytest.fixture(scope="module")
def demo_inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory)


def doc_row(d: Defect) -> str:
    """A defect's line in the table of docs/demonstration.md."""
    lines = ", ".join(map(str, d.lines)) or "-"
    slug = d.body
    file = f"`{slug}` `{d.file}`" if d.file else f"`{slug}`, no file"
    return f"| {d.id} | {file} | {lines} | {d.what_en} | {d.status}: {d.outcome} | {d.rows or '-'} | {d.rule or '-'} |"


def test_the_doc_lists_exactly_the_planted_defects():
    text = (PROJECT / "docs/demonstration.md").read_text(encoding="utf-8")
    table = text.split("## Planted defects")[1]
    rows = [line for line in table.splitlines() if re.match(r"\| [a-z0-9-]+ \| `", line)]
    assert rows == [doc_row(defect) for defect in DEFECTS]


def test_there_are_enough_of_them_and_each_has_its_own_file():
    assert len(DEFECTS) >= 12
    assert len(set(IDS)) == len(IDS)
    places = [(d.source_id, d.file) for d in DEFECTS]
    assert len(set(places)) == len(places)


@pytest.mark.parametrize("defect", DEFECTS, ids=IDS)
def test_its_rule_exists(defect: Defect):
    feed = contract(defect.feed)
    known = INTAKE_RULES | FACT_RULES | {r.id for r in feed.rows} | {r.id for r in feed.delivery}
    assert not defect.rule or defect.rule in known
    assert bool(defect.rule) == (defect.outcome in ("quarantined", "flagged", "whole delivery"))


@pytest.mark.parametrize("defect", [d for d in DEFECTS if d.file], ids=[d.id for d in DEFECTS if d.file])
def test_it_lies_in_the_files(defect: Defect, demo_inbox: Path):
    assert len(list(demo_inbox.glob(f"{defect.body}/*/{defect.file}"))) == 1


def test_an_absent_sender_has_no_file(demo_inbox: Path):
    absent = [d for d in DEFECTS if d.status == "absent"]
    assert absent
    for defect in absent:
        assert not list(demo_inbox.glob(f"{defect.body}/*/{defect.feed}_*"))


def test_a_late_file_comes_after_the_published_date(demo_inbox: Path):
    for defect in (d for d in DEFECTS if d.status == "late"):
        (path,) = demo_inbox.glob(f"{defect.body}/*/{defect.file}")
        assert path.parent.name > PUBLISHED_AS_OF.isoformat() + "T2359"


def test_planted_rows_stand_on_the_lines_they_are_said_to(demo_inbox: Path):
    said = {(d.body, d.file): list(d.lines) for d in DEFECTS if d.outcome in ("quarantined", "flagged")}
    found = {}
    for path in sorted(demo_inbox.rglob("dossier_log_*.csv")):
        lines = [n for n, line in enumerate(_text(path).splitlines(), start=1) if MARK in line]
        if lines:
            found[path.parts[-3], path.name] = lines
    assert found == said


def test_duplicate_rows_are_the_first_row_again(demo_inbox: Path):
    (defect,) = [d for d in DEFECTS if d.id == "duplicate-rows"]
    (path,) = demo_inbox.glob(f"{defect.body}/*/{defect.file}")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [n for n, line in enumerate(lines, start=1) if line == lines[1]] == [2, *defect.lines]
    assert len(set(lines)) == len(lines) - len(defect.lines)


def test_the_re_sent_file_has_the_same_bytes(demo_inbox: Path):
    (defect,) = [d for d in DEFECTS if d.status == "repeated"]
    (again,) = demo_inbox.glob(f"{defect.body}/*/{defect.file}")
    (first,) = demo_inbox.glob(f"{defect.body}/*/{defect.file.replace('_gui_lai', '')}")
    assert again.read_bytes() == first.read_bytes()
    assert again.parent.name > first.parent.name


@pytest.mark.parametrize("defect", [d for d in DEFECTS if d.status in ("refused", "held")], ids=lambda d: d.id)
def test_a_good_file_follows_a_refused_one_in_time(defect: Defect, demo_inbox: Path):
    (bad,) = demo_inbox.glob(f"{defect.body}/*/{defect.file}")
    (good,) = demo_inbox.glob(f"{defect.body}/*/{bad.stem}_lan2{bad.suffix}")
    assert bad.parent.name < good.parent.name <= PUBLISHED_AS_OF.isoformat() + "T2359"
    assert good.read_bytes() != bad.read_bytes()


def test_windows_1258_is_declared_once_and_hidden_once(demo_inbox: Path):
    for name, encoding in (("windows-1258-declared", "cp1258"), ("windows-1258-undeclared", "cp1258")):
        (defect,) = [d for d in DEFECTS if d.id == name]
        (path,) = demo_inbox.glob(f"{defect.body}/*/{defect.file}")
        with pytest.raises(UnicodeDecodeError):
            path.read_bytes().decode("utf-8")
        assert "Mã hồ sơ" in _text(path, encoding)


def _text(path: Path, encoding: str | None = None) -> str:
    content = path.read_bytes()
    for candidate in [encoding] if encoding else ["utf-16"] if content[:2] == b"\xff\xfe" else ["utf-8", "cp1258"]:
        try:
            return unicodedata.normalize("NFC", content.decode(candidate))
        except UnicodeDecodeError:
            continue
    raise AssertionError(f"{path.name}: no encoding reads it")

"""`cchc source check`: what a clerk sees, and the one file that it leaves."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cchc.errors import ConfigError
from cchc.night.rehearse import find_source
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from province import write_csv
from small_night import ingest
from test_quarantine import EARLY, ONE, province  # noqa: F401  (province: the fixture)
from three_feeds import HEADERS, day, dossier, send, task

CCHC = Path(sys.executable).with_name("cchc")
BAD = "FFFFC7CE"


def cchc(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([CCHC, *words], cwd=folder, env=dict(os.environ), capture_output=True, text=True, timeout=120)


@pytest.fixture
def desk(province: Settings, tmp_path: Path) -> Path:  # noqa: F811
    """A clerk's folder, beside a province whose sender has sent once."""
    send(province, "so-mot", "plan_task", day(0), [task(ONE, str(n)) for n in range(9)])
    ingest(province, day(0))
    folder = tmp_path / "desk"
    folder.mkdir()
    return folder


def write(folder: Path, feed: str, rows: list[tuple]) -> Path:
    write_csv(folder / f"{feed}-x.csv", HEADERS[feed], rows)
    return folder / f"{feed}-x.csv"


def test_a_bad_file_is_told_in_words_and_colours(desk: Path) -> None:
    rows = [dossier(ONE, "A"), dossier(ONE, "B", due=EARLY), dossier(ONE, "C", received="31/02"), ("only", "two")]
    file = write(desk, "dossier_log", rows)
    done = cchc(desk, "source", "check", "--file", file.name, "--as-of", day(1), "--json")
    assert done.returncode == 1, done.stderr
    assert "4 dòng: 1 đạt, 3 cần sửa" in done.stderr
    assert [(e["line"], e["rule"]) for e in json.loads(done.stdout)] == [(3, "due_before_received"), (4, "bad_instant"), (5, "ragged_row")]
    assert sorted(p.name for p in desk.iterdir()) == ["dossier_log-x.csv", "kiem-tra-dossier_log-x.xlsx"]
    assert (desk / "kiem-tra-dossier_log-x.xlsx").stat().st_mode & 0o077 == 0
    sheet = load_workbook(desk / "kiem-tra-dossier_log-x.xlsx")["Dữ liệu"]
    head, *body = list(sheet.iter_rows())
    names = [cell.value for cell in head]
    assert names[0] == "Dòng" and names[-1] == "Kết quả" and "Người nộp" in names, "the sender's own cells, all of them"
    coloured = {row[0].value: {names[cell.column - 1] for cell in row if cell.fill.fgColor.rgb == BAD} for row in body}
    assert coloured == {
        "2": set(), "3": {"Ngày tiếp nhận", "Ngày hẹn trả", "Kết quả"}, "4": {"Ngày tiếp nhận", "Kết quả"}, "5": {"Kết quả"},
    }  # fmt: skip
    assert body[2][names.index("Ngày tiếp nhận")].value == "31/02", "the bad cell itself"


def test_a_good_file_ends_with_0_and_a_refused_one_with_1(desk: Path) -> None:
    good = write(desk, "dossier_log", [dossier(ONE, "A")])
    assert cchc(desk, "source", "check", "--file", str(good), "--as-of", day(1)).returncode == 0
    small = write(desk, "plan_task", [task(ONE, "1")])
    held = cchc(desk, "source", "check", "--file", str(small), "--as-of", day(1), "--source", "so-mot/plan_task", "--out", "x.xlsx")
    assert held.returncode == 1 and "Sẽ bị tạm giữ: Số nhiệm vụ không giảm quá một nửa so với lần trước" in held.stderr
    small.write_bytes(b"\xff\xfe\x00bad")
    refused = cchc(desk, "source", "check", "--file", str(small), "--as-of", day(1), "--out", "x.xlsx")
    assert refused.returncode == 1 and "Sẽ không được tiếp nhận: Tệp không đúng bảng mã" in refused.stderr
    with connect("cchc_loader") as connection:
        assert connection.execute("select count(*) from ops.delivery").fetchone() == (1,)


def test_nothing_is_written_into_the_inbox(desk: Path, province: Settings) -> None:  # noqa: F811
    good = write(desk, "dossier_log", [dossier(ONE, "A")])
    done = cchc(desk, "source", "check", "--file", str(good), "--out", str(province.inbox_path / "so-mot/x.xlsx"))
    assert done.returncode == 3 and "not into the inbox" in done.stderr


def test_a_file_of_no_source_or_of_two_is_asked_about(province: Settings, tmp_path: Path) -> None:  # noqa: F811
    file = tmp_path / "dossier_log.csv"
    file.touch()
    assert find_source(province, file, None).name == "dossier_log"
    assert find_source(province, file, "so-mot/plan_task").name == "plan_task"
    with pytest.raises(ConfigError, match="name one with --source"):
        find_source(province, tmp_path / "other.csv", None)
    text = (province.province / "sources/so-mot.yaml").read_text(encoding="utf-8")
    (province.province / "sources/so-hai.yaml").write_text(text.replace(ONE, "X01.02"), encoding="utf-8")
    with pytest.raises(ConfigError, match="so-hai/dossier_log, so-mot/dossier_log"):
        find_source(province, file, None)

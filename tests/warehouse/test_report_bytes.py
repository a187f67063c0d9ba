"""The same release printed twice gives the same bytes, in another process, zone and hash order too."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from cchc.reports.run import print_report
from form_sample import write_release_with_forms
from report_sample import PERIOD, config_fixture, drafts, warehouse_fixture, write_release  # noqa: F401

PRINT = """
import sys
from pathlib import Path
from cchc.reports.run import print_report
from cchc.settings import settings
print_report(settings(), "2013-Q4", out=Path(sys.argv[1]))
"""


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("bao-cao-*"))}


def print_apart(config, out: Path, **environment: str) -> dict[str, str]:
    subprocess.run(
        [sys.executable, "-c", PRINT, str(out)],
        check=True,
        env=os.environ | environment | {"CCHC_PROVINCE": str(config.province), "CCHC_HOME": str(config.home)},
    )
    return hashes(out)


def test_another_process_zone_and_hash_order_give_the_same_bytes(config, tmp_path):
    write_release_with_forms(config.province.name)
    first = print_apart(config, tmp_path / "a", PYTHONHASHSEED="1", TZ="America/New_York", LC_ALL="C")
    second = print_apart(config, tmp_path / "b", PYTHONHASHSEED="77", TZ="Asia/Tokyo", LC_ALL="C.UTF-8")
    assert len(first) == 4
    assert first == second


def test_printing_twice_leaves_the_same_bytes_and_no_second_draft(config):
    write_release(config.province.name)
    print_report(config, PERIOD)
    before = hashes(config.home / "reports")
    print_report(config, PERIOD)
    assert hashes(config.home / "reports") == before
    rows = drafts(config)
    assert [row[0] for row in rows] == ["docx", "json", "pdf", "xlsx"]
    assert {f"bao-cao-{PERIOD}.{row[0]}": row[1] for row in rows} == before
    assert {row[2:] for row in rows} == {("H52", PERIOD)}


def test_another_ribbon_is_another_draft(config):
    write_release(config.province.name)
    print_report(config, PERIOD, formats=("pdf",))
    print_report(config.model_copy(update={"ribbon": "THỬ NGHIỆM"}), PERIOD, formats=("pdf",))
    assert [row[0] for row in drafts(config)] == ["pdf", "pdf"]


def test_nothing_half_written_is_left_beside(config):
    write_release(config.province.name)
    print_report(config, PERIOD)
    assert len([path for path in (config.home / "reports").rglob("*") if path.is_file()]) == 4

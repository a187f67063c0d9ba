"""`cchc source check` tells which line to add: adding just those lines, one check after the other, ends at a good file."""

from pathlib import Path

import pytest
import yaml
from api_server import serving
from typer.testing import CliRunner

from cchc.cli.app import app
from cchc.errors import ConfigError, UnreachableError
from cchc.intake.reference import load_reference
from cchc.settings import Settings
from province import write_reference
from test_source_tools import tcvn3

STAFF = """\
Danh sách cán bộ, công chức năm 2012;;;
Số hiệu cán bộ;Loại;Vị trí việc làm;Ngày vào vị trí mới
CB-001;Công chức;Chuyên viên;01/02/2012
CB-002;Công chức;Chuyên viên;28/02/2012
"""
WRONG = {
    "feed": "staff",
    "every": "quarter",
    "connect": {"kind": "file_drop", "glob": "so-mot/*.csv"},
    "read": {"kind": "csv"},
    "constants": {"agency_code": "X01.01"},
    "values": {"kind": {"Công chức": "civil_servant"}},
}


@pytest.fixture
def province(config: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    write_reference(config.province)
    load_reference(config)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("cchc.connectors.again.FIRST_WAIT", 0.01)
    return config


def declare(config: Settings, source: dict) -> None:
    sender = {"sender": "X01.01", "synthetic": True, "sources": {"staff": source}}
    (config.province / "sources/so-mot.yaml").write_text(yaml.safe_dump(sender, allow_unicode=True), encoding="utf-8")


def test_adding_the_lines_that_are_named_ends_at_a_good_file(province: Settings) -> None:
    declared = WRONG
    (province.inbox_path / "so-mot").mkdir()
    (province.inbox_path / "so-mot/a.csv").write_bytes(tcvn3(STAFF))
    told: list[str] = []
    for _ in range(5):
        declare(province, declared)
        done = CliRunner().invoke(app, ["source", "check", "--source", "so-mot/staff"])
        assert [word in done.stderr for word in ("✓ so-mot.yaml đọc được", "✓ tới được nguồn", "✓ 1 tệp, mới nhất")] == [True] * 3
        if done.exit_code == 0:
            break
        named = [line.partition("Thêm vào so-mot.yaml: ")[2] for line in done.stderr.splitlines() if line.startswith("→")]
        assert named, done.stderr
        told += named
        for line in named:
            for key, value in yaml.safe_load(line).items():
                declared = declared | {key: {**declared.get(key, {}), **value} if isinstance(value, dict) else value}
    assert done.exit_code == 0, done.stderr
    assert told == [
        'read: {"kind": "csv", "encoding": "tcvn3", "delimiter": ";", "header_row": 2}',
        'columns: {in_post_from: "Ngày vào vị trí mới"}',
        'dates: "%d/%m/%Y"',
    ]
    assert "2 dòng: 2 đạt" in done.stderr


def test_a_live_source_is_reached_and_what_stands_in_the_way_is_told(province: Settings) -> None:
    records = [{"Mã": "CB-1", "Loại": "civil_servant", "Từ": "2012-01-01"}]
    with serving(records) as api:
        web = {"kind": "http", "url": f"{api.url}/x", "records": "data.items", "allow_private": True}
        declare(province, WRONG | {"connect": web, "read": {"kind": "jsonl"}, "columns": {"staff_id": "Mã", "in_post_from": "Từ"}})
        done = CliRunner().invoke(app, ["source", "check", "--source", "so-mot/staff"])
        assert done.exit_code == 0, done.output
        assert "✓ 1 tệp, mới nhất" in done.stderr and "1 dòng: 1 đạt" in done.stderr
        api.faults["/x"] = ["forbidden"]
        refused = CliRunner().invoke(app, ["source", "check", "--source", "so-mot/staff"])
        assert isinstance(refused.exception, ConfigError) and "refuses our login" in str(refused.exception)
    gone = CliRunner().invoke(app, ["source", "check", "--source", "so-mot/staff"])
    assert isinstance(gone.exception, UnreachableError)
    assert not list(province.home.glob("*.jsonl")), "looking leaves nothing"
    assert CliRunner().invoke(app, ["source", "check"]).exit_code == 2

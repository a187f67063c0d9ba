"""`cchc source new`: what a sample tells is proposed, what it does not tell is said."""

from pathlib import Path

import pytest
from test_reader_formats import as_xlsx, encoded

from cchc.errors import ConfigError
from cchc.intake.propose import look, propose, source_yaml
from house import shared_file

HEADER = "Mã cơ quan;Mã hồ sơ;Hình thức nộp;Ngày nhận hồ sơ;Ngày hẹn trả;Phí lệ phí phải thu"
LINES = ["X01;HS-1;online;01/02/2013 08:00;25/02/2013 17:00;1.234,50", "X01;HS-2;desk;11/02/2013 08:00;;12.000"]


def sample(tmp_path: Path, content: bytes, name: str = "mau.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "tcvn3", "vni"])
def test_format_columns_and_patterns_of_a_csv(tmp_path: Path, encoding: str) -> None:
    made = propose(look(sample(tmp_path, encoded("\n".join([HEADER, *LINES]), encoding))))
    assert made.agreed.feed == "dossier_log"
    assert made.format == {"kind": "csv", "encoding": encoding, "delimiter": ";", "header_row": 1}
    assert made.words == {"instants": "%d/%m/%Y %H:%M", "decimal": ","}
    assert made.columns["received_at"][0] == "Ngày nhận hồ sơ"
    assert 0.6 <= made.columns["received_at"][1] < 1
    assert made.missing == []
    assert made.assumed == []


def test_an_ambiguous_date_is_said_to_be_assumed(tmp_path: Path) -> None:
    lines = [line.replace("25/02", "05/02").replace("11/02", "01/02") for line in LINES]
    made = propose(look(sample(tmp_path, "\n".join([HEADER, *lines]).encode())))
    assert made.words["instants"] == "%d/%m/%Y %H:%M"
    assert any("%m/%d/%Y %H:%M would read the sample too" in doubt for doubt in made.assumed)


def test_a_title_above_the_header_and_several_sheets(tmp_path: Path) -> None:
    rows = [["DANH SÁCH", "", ""], ["Mã cơ quan", "Số hiệu cán bộ", "Loại"], ["X01", "1", "civil_servant"]]
    made = propose(look(sample(tmp_path, as_xlsx(rows, **{"Ghi chú": [["x"]]}), "mau.xlsx")))
    assert made.agreed.feed == "staff"
    assert made.format == {"kind": "xlsx", "sheet": "Tờ 1", "header_row": 2}
    assert any("first of 2 sheets" in doubt for doubt in made.assumed)


@pytest.mark.parametrize("content", [b'[{"a": 1}]', b"<x><y><z>1</z></y></x>", b"a;b\n1;2\n"])
def test_a_sample_of_nothing_we_know_is_not_guessed_at(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ConfigError, match="--feed"):
        propose(look(sample(tmp_path, content)))


DOCUMENT, LINES_OF_JSON = b'{"data": {"ho_so": [{"Ma co quan": "X01", "MA HO SO": "1"}]}}', b'{"Ma co quan": "X01"}\n{"Ma ho so": "1"}\n'


@pytest.mark.parametrize("content", [DOCUMENT, LINES_OF_JSON])
def test_json_by_its_own_shape(tmp_path: Path, content: bytes) -> None:
    made = propose(look(sample(tmp_path, content, "mau.json")), "dossier_log")
    assert set(made.columns) == {"agency_code", "dossier_code"}
    assert made.format in ({"kind": "json", "records": "data.ho_so"}, {"kind": "jsonl"})


def test_the_national_catalogue_of_procedures_is_proposed_with_what_is_missing() -> None:
    made = propose(look(shared_file("tthc_catalogue/danh-sach-tthc-BoTuPhap.xlsx")), "procedure_catalogue")
    text = source_yaml(made, "tthc", {"kind": "file_drop", "glob": "so-tu-phap/*.xlsx"}, "year")
    assert made.format["header_row"] == 2
    assert 'name: "Tên"' in text
    assert "MISSING procedure_code" in text
    assert "UNUSED headers of the sample: Mã số" in text

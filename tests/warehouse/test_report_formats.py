"""The same numbers in all four formats, found by reading the printed files back; one changed value is noticed."""

import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from cchc.reports import fonts
from cchc.reports.as_docx import to_docx
from cchc.reports.as_pdf import to_pdf
from cchc.reports.as_xlsx import to_xlsx
from cchc.reports.build import build_report
from cchc.reports.document import Cell, Report
from cchc.reports.fonts import find_font
from cchc.reports.readback import READERS, differences, read_xlsx_list
from cchc.reports.reading import read_release
from cchc.reports.run import print_report
from report_sample import PERIOD, config_fixture, notes, warehouse_fixture, write_release  # noqa: F401

FIGURE = "on_time_rate@1:H52:2013-Q4"


@pytest.fixture
def files(config) -> dict[str, Path]:
    """The province's report, by format."""
    write_release(config.province.name)
    return {path.suffix[1:]: path for path in print_report(config, PERIOD)}


def changed_zip(path: Path, member: str, old: str, new: str) -> None:
    """Replace the first `old` in one part of a DOCX or XLSX."""
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    text = parts[member].decode()
    assert old in text
    parts[member] = text.replace(old, new, 1).encode()
    with zipfile.ZipFile(path, "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)


@pytest.mark.parametrize("scope", ["H52", "H52.02", "H52.31"])
def test_all_four_formats_print_the_same_figures_and_sentences(config, scope):
    write_release(config.province.name)
    files = print_report(config, PERIOD, scope)
    assert [path.suffix for path in files] == [".docx", ".pdf", ".xlsx", ".json"]
    assert differences(files) == []


def test_without_a_times_font_the_embedded_one_prints_the_same(config, tmp_path, monkeypatch):
    import pypdf

    monkeypatch.setattr(fonts, "SYSTEM", (tmp_path / "none",))
    write_release(config.province.name)
    files = print_report(config, PERIOD, formats=("pdf", "json"))
    assert differences(files) == []
    used = {str(font["/BaseFont"]) for page in pypdf.PdfReader(files[0]).pages for font in page["/Resources"]["/Font"].values()}
    assert used
    assert all("+LibertinusSerif-" in name for name in used)


def test_each_format_yields_every_figure_of_the_annexes(files):
    read = {name: READERS[name](path.read_bytes()) for name, path in files.items()}
    assert len(read["json"]) > 300
    assert {len(read[name]) for name in ("docx", "pdf")} == {len(read["json"])} <= {len(read["xlsx"])}
    for printed in read.values():
        assert (FIGURE, "value", "70,73 %") in printed
        assert (FIGURE, "fraction", "940/1.329") in printed
        assert ("headcount@1:H52:2013-Q4:kind=civil_servant,level=commune", "value", "4.545") in printed
        assert ("received_count@1:H52.10:2013-Q4", "value", "–") in printed
        assert ("index_score@1:H52.01:2013:framework=demo", "fraction", "90,13/96,00") in printed


def test_a_changed_value_in_the_word_file_is_noticed(files):
    changed_zip(files["docx"], "word/document.xml", ">70,73\u00a0%<", ">70,74\u00a0%<")
    assert differences(files.values()) == [f"docx: {FIGURE} (value) prints '70,74 %'"]  # the other table still has 70,73 %


def test_a_changed_number_in_a_sentence_of_the_word_file_is_noticed(files):
    changed_zip(files["docx"], "word/document.xml", "là 7.209 người", "là 7.290 người")
    assert [line[:27] for line in differences(files.values())] == ["docx: lacks the sentence 'S"]


def test_a_changed_cell_in_the_workbook_is_noticed(files):
    changed_zip(files["xlsx"], "xl/worksheets/sheet1.xml", "<v>0.7073</v>", "<v>0.7074</v>")
    assert f"xlsx: {FIGURE} (value) prints '70,74 %'" in differences(files.values())


def test_a_changed_cell_in_the_workbook_s_flat_list_is_noticed(files):
    document = json.loads(files["json"].read_bytes())["document"]
    last = len(document["annexes"]) + len(document["sheets"]) + 1
    changed_zip(files["xlsx"], f"xl/worksheets/sheet{last}.xml", "<v>0.7073</v>", "<v>0.7074</v>")
    assert differences(files.values()) == [f"xlsx list: {FIGURE} prints ('70,74 %', '70,73 %'), not ('70,73 %', '70,73 %')"]


def test_every_agency_s_every_duty_is_a_line_of_the_workbook_and_a_changed_one_is_noticed(files):
    from openpyxl import load_workbook

    sheet = load_workbook(files["xlsx"])["Nhiệm vụ theo đơn vị"]
    lines = [row for row in sheet.iter_rows(values_only=True) if str(row[1]).startswith("H52.")]
    assert len(lines) == 30
    assert lines[9][1:2] + lines[9][-3:] == ("H52.10", "Chưa có số liệu", "–", "on_time_rate@1:H52.10:2013-Q4")
    number = len(json.loads(files["json"].read_bytes())["document"]["annexes"]) + 1
    changed_zip(files["xlsx"], f"xl/worksheets/sheet{number}.xml", "<v>0.9762</v>", "<v>0.9726</v>")
    assert differences(files.values()) == ["xlsx: on_time_rate@1:H52.02:2013-Q4 (value) prints '97,26 %'"]


def test_a_changed_figure_in_the_json_is_noticed(files):
    document = json.loads(files["json"].read_bytes())
    next(one for one in document["figures"] if one["figure"] == FIGURE)["printed"] = "70,74 %"
    files["json"].write_text(json.dumps(document), encoding="utf-8")
    found = differences(files.values())
    assert {line.split(":")[0] for line in found} == {"docx", "pdf", "xlsx", "xlsx list"}


@pytest.mark.parametrize(
    ("place", "old", "new"),
    [("H52", "70,73 %", "70,74 %"), ("H52.05", "63/63", "62/63"), ("H52.32", "71,13 %", "71,31 %"), ("H52", "4.545", "4.554")],
)
def test_a_changed_cell_in_the_pdf_is_noticed(config, files, place, old, new):
    report = build_report(read_release(config.province.name, PERIOD), "H52")
    altered, figure = with_other_cell(report, place, old, new)
    files["pdf"].write_bytes(to_pdf(altered, "", find_font(config)))
    found = differences(files.values())
    assert found == [line for line in found if line.startswith(f"pdf: {figure}")]
    assert f"prints {new!r}" in " ".join(found)


def with_other_cell(report: Report, unit: str, old: str, new: str) -> tuple[Report, str]:
    """The report with the first annex cell of `unit` that prints `old` printing `new`, and that cell's figure."""
    for place, annex in enumerate(report.annexes):
        for count, row in enumerate(annex.table.rows if annex.table else ()):
            for column, cell in enumerate(row.cells):
                if cell.text == old and f":{unit}:" in cell.figure:
                    cells = (*row.cells[:column], Cell(new, cell.figure, cell.part), *row.cells[column + 1 :])
                    rows = (*annex.table.rows[:count], replace(row, cells=cells), *annex.table.rows[count + 1 :])
                    other = replace(annex, table=replace(annex.table, rows=rows))
                    return replace(report, annexes=(*report.annexes[:place], other, *report.annexes[place + 1 :])), cell.figure
    raise AssertionError(f"no cell of {unit} prints {old}")


def test_the_json_names_every_figure_with_all_it_stands_on(files):
    document = json.loads(files["json"].read_bytes())
    figure = next(one for one in document["figures"] if one["figure"] == FIGURE)
    assert figure["measure"] == "on_time_rate"
    assert (figure["version"], figure["unit"], figure["period"], figure["dim"], figure["status"]) == (1, "H52", "2013-Q4", "", "A")
    assert (figure["numerator"], figure["denominator"]) == ("940", "1329")
    assert figure["value"].startswith("0.70729872084")  # exact text, not a float
    assert document["release"]["release_id"].startswith("thu-nghiem-")
    assert re.fullmatch("[0-9a-f]{64}", document["release"]["content_hash"])
    ids = [one["figure"] for one in document["figures"]]
    assert ids == sorted(set(ids))


def test_every_figure_that_a_text_or_a_table_prints_is_in_the_list(files):
    document = json.loads(files["json"].read_bytes())
    listed = {figure["figure"] for figure in document["figures"]}
    in_text = {name for block in document["document"]["blocks"] for name in block["figures"]}
    tables = [annex["table"] for part in ("annexes", "sheets") for annex in document["document"][part] if annex["table"]]
    in_tables = {cell["figure"] for table in tables for row in table["rows"] for cell in row["cells"]} - {""}
    assert in_text
    assert in_text | in_tables == listed


def test_a_formula_in_a_name_stays_text_in_the_workbook(config):
    from openpyxl import load_workbook

    words = notes()
    words["units"]["H52.03"]["name_vi"] = '=HYPERLINK("http://x","Sở Tư pháp")'
    write_release(config.province.name, notes=json.dumps(words))
    (path,) = print_report(config, PERIOD, formats=("xlsx",))
    cells = [cell for sheet in load_workbook(io.BytesIO(path.read_bytes())) for row in sheet.iter_rows() for cell in row]
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in cells)
    with zipfile.ZipFile(path) as package:
        assert not any(b"<f>" in package.read(name) for name in package.namelist())


def test_numbers_are_numbers_in_the_workbook_and_dashes_are_text(files):
    from openpyxl import load_workbook

    book = load_workbook(files["xlsx"])
    sheet = book["Số liệu"]
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    assert (rows[FIGURE][3].value, rows[FIGURE][3].number_format) == (0.7073, "0.00\\ %")
    assert (rows[FIGURE][4].value, rows[FIGURE][5].value) == (940, 1329)
    assert rows["received_count@1:H52.10:2013-Q4"][3].value == "–"
    assert sheet.freeze_panes == "B2"
    assert book["Phụ lục I"].freeze_panes is not None
    assert len(read_xlsx_list(files["xlsx"].read_bytes())) == len(rows)


def test_rendering_alone_gives_the_same_as_printing(config, files):
    report = build_report(read_release(config.province.name, PERIOD), "H52")
    assert to_docx(report, "") == files["docx"].read_bytes()
    assert to_xlsx(report, "") == files["xlsx"].read_bytes()

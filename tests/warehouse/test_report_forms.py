"""Forms II.06a and II.07b in print: the release's rows in blocks and sectors, the same in four formats."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cchc.reports.annex_forms import forms_annexes
from cchc.reports.as_pdf import to_pdf
from cchc.reports.build import build_report
from cchc.reports.document import Annex, canonical
from cchc.reports.figures import Figures
from cchc.reports.fonts import find_font
from cchc.reports.outline import outline_of
from cchc.reports.readback import READERS, differences
from cchc.reports.reading import Release, read_release
from cchc.reports.run import print_report
from form_sample import write_release_with_forms
from report_sample import PERIOD, config_fixture, notes, warehouse_fixture, write_release  # noqa: F401
from test_report_formats import changed_zip, with_other_cell

PROVINCE = "thu-nghiem-bieu"


@pytest.fixture(scope="module")
def release(report_warehouse) -> Iterator[Release]:
    """The release with both forms, as seen from the quarter."""
    write_release_with_forms(PROVINCE)
    return read_release(PROVINCE, PERIOD)


def form(release: Release, unit: str, name: str) -> Annex:
    return next(one for one in build_report(release, unit).annexes if f"Biểu số {name}" in "".join(one.before))


def lines(annex: Annex) -> list[str]:
    return [" | ".join(cell.text for cell in row.cells) for row in annex.table.rows]


def test_a_province_s_form_is_by_unit_in_blocks_with_their_sums(release):
    told = lines(form(release, "H52", "II.06a"))
    assert (
        told[0]
        == "I | Sở, ban, ngành | 14.675 | 3.264 | 9.792 | 1.619 | 10.251 | 3.264 | 6.528 | 459 | 4.424 | 3.337 | 1.087 | H52:level=province"
    )
    assert told[2] == "2 | Sở Nội vụ | 202 | 45 | 135 | 22 | 141 | 45 | 90 | 6 | 61 | 47 | 14 | H52.02"
    assert [line.split(" | ")[:2] for line in told if not line[0].isdigit()] == [
        ["I", "Sở, ban, ngành"], ["II", "Cấp huyện"], ["III", "Cấp xã"], ["", "Tổng cộng"],
    ]  # fmt: skip
    assert told[-1] == " | Tổng cộng | 47.267 | 10.509 | 31.527 | 5.231 | 33.015 | 10.509 | 21.018 | 1.488 | 14.252 | 10.724 | 3.528 | H52"
    assert not any("H52.10" in line for line in told), "that unit's dossiers are not collected: no row of zeros"


def test_a_unit_s_form_is_by_sector_the_unknown_one_last(release):
    assert lines(form(release, "H52.02", "II.06a")) == [
        "1 | Đất đai | 67 | 15 | 45 | 7 | 47 | 15 | 30 | 2 | 20 | 15 | 5 | H52.02:sector=lv-0a1b2c",
        "2 | Hộ tịch | 63 | 14 | 42 | 7 | 44 | 14 | 28 | 2 | 19 | 15 | 4 | H52.02:sector=lv-493d8a",
        "3 | Không rõ lĩnh vực | 72 | 16 | 48 | 8 | 50 | 16 | 32 | 2 | 22 | 17 | 5 | H52.02:sector=lv-d41d8c",
        " | Tổng cộng | 202 | 45 | 135 | 22 | 141 | 45 | 90 | 6 | 61 | 47 | 14 | H52.02",
    ]


def test_procedures_by_sector_and_what_nobody_told_is_a_dash(release):
    assert lines(form(release, "H52", "II.07b"))[-1] == (
        " | Tổng cộng | 1.642 | 1.204 | 310 | 128 | 1.462 | 1.072 | 276 | 114 | 544 | 400 | 102 | 42 | H52"
    )
    annex = form(release, "H52.03", "II.07b")
    assert lines(annex)[-1] == " | Tổng cộng | 94 | 88 | 4 | 2 | 86 | 80 | 4 | 2 | – | – | – | – | H52.03"
    assert "không cho biết quy trình nội bộ: cột (11)-(14) không có số liệu" in annex.after[0]
    assert {one.status for one in build_report(release, "H52.03").figures if one.measure == "form_ii07b_c12"} == {"M"}


def test_what_stands_in_columns_6_9_and_12_is_told_beside(release):
    after = form(release, "H52.02", "II.06a").after
    assert after[0].endswith("Trong số ở cột (11) có 8 hồ sơ đang tạm dừng; hồ sơ tạm dừng khi còn trong hạn đứng ở cột (12).")
    assert "hồ sơ trả lại, rút: 3; theo quy ước của hệ thống, hồ sơ dừng, từ chối: 3; hồ sơ không có hạn trả: 6." in after[1]
    other = release.notes.model_copy(update={"setting": release.notes.setting | {"form_ii06a_paused": "column_9"}})
    after = form(replace(release, notes=other), "H52.02", "II.06a").after
    assert after[0] == "Cột (6): số ở cột (11) của kỳ liền trước và 0 hồ sơ tạm dừng nay giải quyết tiếp."
    assert "hồ sơ tạm dừng khi còn trong hạn: 8" in after[1]


def test_dossiers_of_the_province_s_own_desk_are_told(release):
    assert not any("Khối I" in line for line in form(release, "H52", "II.06a").after)
    fewer = tuple(row for row in release.form_ii06a if row.agency_code != "H52.02")
    assert form(replace(release, form_ii06a=fewer), "H52", "II.06a").after[0] == (
        "Khối I gồm cả 202 hồ sơ của cơ quan cấp tỉnh không có dòng riêng."
    )


def test_the_outline_says_which_periods_have_the_forms(release):
    outline = outline_of(2013)
    figures = Figures(release)
    assert len(forms_annexes(outline, figures, "H52")) == 2
    yearly = outline.model_copy(update={"forms": (outline.forms[0].model_copy(update={"period_kinds": ("year",)}),)})
    assert forms_annexes(yearly, figures, "H52") == []
    assert "Mẫu biểu có từ Thông tư 01/2020/TT-VPCP" in form(release, "H52", "II.06a").before[2]
    assert forms_annexes(outline_of(2024), figures, "H52")[0].before[2:] == ()


def test_a_release_from_before_the_forms_prints_what_it_always_did(config):
    write_release(config.province.name)
    report = build_report(read_release(config.province.name, PERIOD), "H52")
    assert [annex for annex in report.annexes if "Biểu số" in "".join(annex.before)] == []
    tables = [annex["table"] for annex in json.loads(canonical(report))["document"]["annexes"] if annex["table"]]
    assert {key for table in tables for key in table} == {"columns", "rows", "code_column"}


# ---- four formats -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def printed(report_warehouse, release, tmp_path_factory) -> dict[str, Path]:
    """The province's report by format."""
    config = report_warehouse.model_copy(update={"province": Path(PROVINCE), "home": tmp_path_factory.mktemp("forms")})
    return {path.suffix[1:]: path for path in print_report(config, PERIOD)}


@pytest.fixture
def files(printed, tmp_path) -> dict[str, Path]:
    """Copies to change."""
    copies = {name: tmp_path / path.name for name, path in printed.items()}
    for name, path in copies.items():
        path.write_bytes(printed[name].read_bytes())
    return copies


def test_every_cell_of_the_forms_is_read_back_alike_from_each_format(printed):
    read = {name: READERS[name](path.read_bytes()) for name, path in printed.items()}
    forms = {name: {found for found in figures if found[0].startswith("form_")} for name, figures in read.items()}
    assert {len(found) for found in forms.values()} == {(31 + 3 + 1) * 11 + 3 * 12}
    assert forms["json"] == forms["docx"] == forms["xlsx"] == forms["pdf"]
    assert ("form_ii06a_c10@1:H52:2013-Q4:level=commune", "value", "183") in forms["pdf"]
    assert differences(printed.values()) == []


def test_a_unit_s_forms_are_read_back_alike(release, report_warehouse, tmp_path):
    config = report_warehouse.model_copy(update={"province": Path(PROVINCE), "home": tmp_path})
    assert differences(print_report(config, PERIOD, "H52.03")) == []


def test_a_changed_cell_in_the_word_file_is_noticed(files):
    changed_zip(files["docx"], "word/document.xml", ">14.675<", ">14.657<")
    assert differences(files.values()) == [
        "docx: form_ii06a_c3@1:H52:2013-Q4:level=province (value) prints '14.657'",
        "docx: form_ii06a_c3@1:H52:2013-Q4:level=province (value) lacks '14.675'",
    ]


def test_a_changed_number_in_the_note_on_column_9_is_noticed(files):
    changed_zip(files["docx"], "word/document.xml", "hồ sơ không có hạn trả: 186", "hồ sơ không có hạn trả: 168")
    assert [line[:25] for line in differences(files.values())] == ["docx: lacks the sentence "]


def test_a_changed_cell_in_the_workbook_is_noticed(files):
    changed_zip(files["xlsx"], "xl/worksheets/sheet3.xml", "<v>14675</v>", "<v>14657</v>")
    assert "xlsx: form_ii06a_c3@1:H52:2013-Q4:level=province (value) prints '14.657'" in differences(files.values())


@pytest.mark.parametrize(("unit", "old", "new"), [("H52.31.02", "2.942", "2.924"), ("H52", "1.642", "1.624")])
def test_a_changed_cell_in_the_pdf_is_noticed(report_warehouse, release, files, unit, old, new):
    altered, figure = with_other_cell(build_report(release, "H52"), unit, old, new)
    files["pdf"].write_bytes(to_pdf(altered, "", find_font(report_warehouse)))
    assert differences(files.values()) == [f"pdf: {figure} (value) prints {new!r}", f"pdf: {figure} (value) lacks {old!r}"]


def test_a_changed_figure_in_the_json_is_noticed(files):
    document = json.loads(files["json"].read_bytes())
    next(one for one in document["figures"] if one["figure"] == "form_ii07b_c3@1:H52:2013-Q4")["printed"] = "1.624"
    files["json"].write_text(json.dumps(document), encoding="utf-8")
    assert {line.split(":")[0] for line in differences(files.values())} == {"docx", "pdf", "xlsx", "xlsx list"}

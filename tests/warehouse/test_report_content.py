"""What a report says: figures in sentences, labels, notes on the data, the look of its time."""

import io
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pypdf
import pytest
from docx import Document
from docx.oxml.ns import qn

import report_sample
from cchc.reports.annex_notes import SUITES
from cchc.reports.build import build_report
from cchc.reports.document import Report
from cchc.reports.readback import differences
from cchc.reports.readback_pdf import pdf_pages
from cchc.reports.reading import read_release
from cchc.reports.run import print_report
from cchc.settings import Settings
from house import PROJECT
from report_sample import PERIOD, config_fixture, notes, warehouse_fixture, write_release  # noqa: F401

MADE_UP = "Số liệu mô phỏng để minh họa, không phải số liệu thật"


def report_of(config: Settings, scope: str = "H52", **changes) -> Report:
    write_release(config.province.name, **changes)
    return build_report(read_release(config.province.name, PERIOD), scope)


def told(report: Report) -> str:
    return "\n".join(block.text for block in report.blocks)


def lines_of(report: Report, annex: str) -> list[str]:
    one = next(one for one in report.annexes if annex in one.title)
    rows = [" | ".join(cell.text for cell in row.cells) for row in (one.table.rows if one.table else ())]
    return [*one.before, *rows, *one.after]


def test_the_published_totals_stand_in_the_text(config):
    text = told(report_of(config))
    assert "Số công chức có mặt là 7.209 người, gồm 1.525 người cấp tỉnh, 1.139 người cấp huyện và 4.545 người cấp xã." in text
    assert "Số viên chức có mặt là 30.027 người, gồm 5.759 người cấp tỉnh và 24.268 người cấp huyện." in text
    assert "17 đơn vị cấp tỉnh, 11 đơn vị cấp huyện và 198 đơn vị cấp xã" in text


def test_each_on_time_rate_is_named_with_its_own_denominator(config):
    points = [block.text for block in report_of(config).blocks if re.match(r"[abc]\) ", block.text)]
    assert points == [
        "a) Tỷ lệ đúng hạn trên số hồ sơ có hạn trả đã giải quyết trong kỳ đạt 70,73 % (940/1.329 hồ sơ);",
        "b) Tỷ lệ đúng hạn trên số hồ sơ đến hạn trong kỳ, kể cả hồ sơ quá hạn chưa giải quyết, đạt 67,09 % (940/1.401 hồ sơ);",
        "c) Tỷ lệ không quá hạn trên số hồ sơ phải giải quyết (tiếp nhận trong kỳ và kỳ trước chuyển sang) đạt 67,85 % (973/1.434 hồ sơ).",
    ]


def test_not_collected_nothing_to_count_and_zero_are_told_apart(config):
    report = report_of(config)
    assert "Chưa thu thập được số liệu: Tỷ lệ xin lỗi hồ sơ quá hạn, sai sót." in told(report)
    assert "Không phát sinh trong kỳ: Tỷ lệ hài lòng chung." in told(report)
    lines = "\n".join(lines_of(report, "thống kê"))
    assert "| % | – | apology_rate@1:H52:2013-Q4; chưa thu thập" in lines
    assert "| % | 0/0 | satisfaction_index@1:H52:2013-Q4; 0/0; không phát sinh" in lines
    assert "| ngày làm việc | không có | overdue_age_median@1:H52:2013-Q4:level=commune; không phát sinh" in lines
    assert "| hồ sơ | 0 | received_count@1:H52:2013-Q4:level=commune" in lines


def test_a_yearly_figure_that_a_quarter_lacks_is_lent_and_says_so(config):
    report = report_of(config)
    assert "Đã hoàn thành 31/45 nhiệm vụ của kế hoạch cải cách hành chính năm, đạt 68,89 %. (Số liệu của năm 2013," in told(report)
    assert "plan_completion_rate@1:H52:2013; 31/45; số liệu năm 2013" in "\n".join(lines_of(report, "thống kê"))


def test_a_breakdown_is_never_lent_beside_the_quarter_s_own_figures(config):
    """The year knows online dossiers and the quarter none: a line of the year's would not add up with the quarter's."""
    lines = "\n".join(lines_of(report_of(config), "thống kê"))
    assert "received_count@1:H52:2013-Q4:level=district" in lines
    assert "channel=online" not in lines


def test_yes_or_no_of_a_unit_and_the_share_of_many(config):
    lines = "\n".join(lines_of(report_of(config), "thống kê"))
    assert "| có/không | Không | survey_done@1:H52:2013-Q4:level=commune; 0/1" in lines
    assert "| có/không | Có | survey_done@1:H52:2013-Q4:level=province; 17/17" in lines
    assert "| % | 93,33 % | survey_done@1:H52:2013-Q4; 28/30" in lines


def test_a_year_that_went_on_after_the_quarter_lends_nothing(config):
    """In a release of 2014 the year 2013 holds figures of months after the third quarter."""
    write_release(config.province.name, notes=json.dumps(notes()), as_of=datetime(2014, 1, 10, tzinfo=UTC))
    release = read_release(config.province.name, PERIOD)
    assert release.periods == (PERIOD, "2013")
    words = notes()
    words["periods"]["2013"]["ends_on"] = "2014-01-05"  # ended, and not with the quarter
    write_release(config.province.name, 2, notes=json.dumps(words), as_of=datetime(2014, 1, 20, tzinfo=UTC))
    assert read_release(config.province.name, PERIOD).periods == (PERIOD,)


def test_the_index_is_labelled_forecast_and_constructed(config):
    report = report_of(config)
    lines = lines_of(report, "Chỉ số")
    assert any(annex.title == "Chỉ số cải cách hành chính năm 2013 (dự báo)" for annex in report.annexes)
    assert any(line.startswith("Bộ tiêu chí tự xây dựng") for line in lines)
    assert any(line.startswith("Chỉ số dự báo") for line in lines)
    assert "1 | Văn phòng Ủy ban nhân dân tỉnh | H52.01 | 90,13/96,00 | 93,88 % | 1 | Tốt | Dự báo" in lines


def test_agencies_stand_in_official_order_under_their_kind(config):
    codes = [line.split(" | ")[2] for line in lines_of(report_of(config), "cơ quan, đơn vị") if line.count(" | ") > 3]
    assert codes == [f"H52.{rank:02d}" for rank in range(1, 19)] + [f"H52.{rank}" for rank in range(31, 43)]


def test_duties_are_listed_by_clause_with_target_and_status(config):
    lines = lines_of(report_of(config), "nhiệm vụ")
    own = [line for line in lines if "@1:H52:" in line]
    assert own[0].startswith("1 | HY-09 §1 | Giải quyết hồ sơ đúng hạn: tỷ lệ đúng hạn trên số đã giải quyết | 100 % | Chưa đạt | 70,73 %")
    assert [line.split(" | ")[1] for line in own] == ["HY-09 §1", "SL-152 §2", "SL-152 §10", "SL-152 §I.2"]
    assert own[1].endswith("từ 95 % trở lên | Chưa có số liệu | – | apology_rate@1:H52:2013-Q4")
    assert "| 30 đơn vị |  | đạt: 8; chưa đạt: 21; chưa có số liệu: 1" in "\n".join(lines)


def test_what_is_not_reached_is_told_in_the_assessment(config):
    text = told(report_of(config))
    first, second = text.index("1. Những kết quả nổi bật"), text.index("2. Những tồn tại")
    assert "98,34 %, mục tiêu từ 95 % trở lên (SL-152 §I.2)" in text[first:second]
    assert "- Giải quyết hồ sơ đúng hạn: tỷ lệ đúng hạn trên số đã giải quyết 70,73 %, mục tiêu 100 % (HY-09 §1);" in text[second:]
    assert "30 đơn vị, đạt: 8; chưa đạt: 21; chưa có số liệu: 1 (HY-09 §1)." in text[second:]


def test_the_notes_on_the_data_say_where_the_figures_come_from(config):
    report = report_of(config)
    lines = lines_of(report, "Thuyết minh")
    assert lines[0] == "Quý IV/2013 (01/10/2013 - 31/12/2013), số liệu chốt đến hết ngày 31/12/2013."
    assert f"{config.province.name}.2013-12-31.1" in lines[1]
    assert report.source.content_hash in lines[1]
    assert "Đến thời điểm chốt, 2/3 nguồn số liệu đã có số liệu được nhận." in lines
    assert (
        "Danh sách cán bộ, quý IV/2013 (hạn 08/01/2014): đã nhận 2/4 đơn vị, đúng hạn 1; "
        "còn thiếu: Sở Tài nguyên và Môi trường (chưa gửi); Sở Thông tin và Truyền thông (bị từ chối)."
    ) in lines
    assert (
        "Ngoại lệ: Sở Lao động - Thương binh và Xã hội, Danh sách cán bộ, quý IV/2013, được miễn gửi đến hết ngày 28/02/2014; "
        "người quyết định: Sở Nội vụ; lý do: hỏng máy chủ."
    ) in lines
    assert not [line for line in lines if "quý III/2013" in line], "another quarter's coverage is another report's"
    assert "Chưa có: Sở Tài nguyên và Môi trường - Nhật ký hồ sơ thủ tục hành chính (chưa gửi, bắt buộc)." in lines
    assert MADE_UP + "." in lines
    assert f"({MADE_UP})" in report.head.subject, "the first page says so too"
    assert "Kiểm tra “Nhật ký hồ sơ thủ tục hành chính” ở mức cảnh báo không đạt: Ít nhất 50 % hồ sơ có ngày hẹn trả." in lines
    assert "mart_" not in str(lines)
    assert not any("tạm tính" in line for line in lines)


def test_every_suite_of_the_marts_has_words_in_the_notes():
    assert set(SUITES) == {path.stem for path in (PROJECT / "expectations/marts").glob("*.json")}


def test_a_provisional_release_says_so_and_a_real_one_is_not_called_synthetic(config):
    report = report_of(config, provisional=True, notes=json.dumps(notes() | {"synthetic": False, "warnings": []}))
    lines = lines_of(report, "Thuyết minh")
    assert any(line.startswith("Bản chốt tạm tính") for line in lines)
    assert MADE_UP not in str(lines) + str(report.head)
    assert "Kiểm tra chất lượng số liệu: mọi kiểm tra đều đạt." in lines


def test_a_night_that_spoke_for_a_moment_inside_a_day_gives_the_hour(config):
    report = report_of(config, as_of=datetime(2014, 1, 1, 18, 0, tzinfo=UTC))
    assert lines_of(report, "Thuyết minh")[0].endswith("số liệu chốt lúc 01:00 ngày 02/01/2014.")


@pytest.mark.parametrize(
    ("scope", "upper", "body", "to", "signed"),
    [
        ("H52", "", ("ỦY BAN NHÂN DÂN", "TỈNH SƠN LA"), "Bộ Nội vụ", ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
        ("H52.02", "ỦY BAN NHÂN DÂN TỈNH SƠN LA", ("SỞ NỘI VỤ",), "Sở Nội vụ", ("GIÁM ĐỐC",)),
        ("H52.17", "ỦY BAN NHÂN DÂN TỈNH SƠN LA", ("THANH TRA TỈNH",), "Sở Nội vụ", ("THỦ TRƯỞNG CƠ QUAN",)),
        ("H52.39", "", ("ỦY BAN NHÂN DÂN", "HUYỆN MAI SƠN"), "Sở Nội vụ", ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
    ],
)
def test_each_kind_of_body_has_its_own_head(config, scope, upper, body, to, signed):
    head = report_of(config, scope).head
    assert (head.body_upper, head.body, head.addressed_to, head.signed_as) == (upper, body, to, signed)
    assert head.place_and_date == "Sơn La, ngày     tháng     năm 2014"


def test_the_province_s_own_words_come_from_its_settings(config):
    own = {"issuing_body_vi": "ỦY BAN NHÂN DÂN\nTỈNH THỬ", "document_symbol_vi": "BC-UBT", "signer_authority_vi": "TM. ỦY BAN NHÂN DÂN",
           "signer_title_vi": "KT. CHỦ TỊCH", "place_vi": "Thử", "distribution_vi": "Như trên;\nLưu: VT, NC."}  # fmt: skip
    head = report_of(config, notes=json.dumps(notes() | {"setting": own})).head
    assert head.body == ("ỦY BAN NHÂN DÂN", "TỈNH THỬ")
    assert head.symbol == "Số:     /BC-UBT"
    assert head.signed_as == ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH")
    assert head.receivers == ("Như trên;", "Lưu: VT, NC.")
    assert head.place_and_date.startswith("Thử, ngày")


def pdf_of(config: Settings, **changes) -> Path:
    write_release(config.province.name, **changes)
    return print_report(config, PERIOD, formats=("pdf",))[0]


def in_2022() -> str:
    words = notes()
    for period in words["periods"].values():
        period["due_on"] = date(2022, 3, 21).isoformat()
    return json.dumps(words)


def test_before_nd_30_the_page_number_stands_below_and_since_then_above(config):
    old = pdf_pages(pdf_of(config).read_bytes())[1].strip().split("\n")
    new = pdf_pages(pdf_of(config, sequence=2, notes=in_2022()).read_bytes())[1].strip().split("\n")
    assert (old[-1], old[0]) == ("2", old[0]) and old[0] != "2"
    assert new[0] == "2" and new[-1] != "2"


def test_annexes_count_their_pages_anew_and_first_pages_have_no_number(config):
    pages = [page.strip().split("\n") for page in pdf_pages(pdf_of(config).read_bytes())]
    starts = [place for place, page in enumerate(pages) if page[0].startswith("Phụ lục")]
    assert len(starts) == 5
    assert all(not re.fullmatch(r"\d+", pages[place][-1]) for place in [0, *starts])
    assert pages[starts[1] + 1][-1] == "2"


def test_the_pdf_is_set_in_one_family_and_has_every_accent(config):
    path = pdf_of(config)
    reader = pypdf.PdfReader(path)
    fonts = {str(font.get_object()["/BaseFont"]) for page in reader.pages for font in page["/Resources"]["/Font"].values()}
    families = {re.sub(r"^/\w+\+|-.*", "", name) for name in fonts}
    assert len(families) == 1
    assert "\ufffd" not in "".join(pdf_pages(path.read_bytes()))
    assert reader.metadata.creation_date.date() == date(2013, 12, 31)
    assert reader.metadata.title.startswith("Báo cáo Công tác cải cách hành chính quý IV năm 2013")


def test_a_long_table_repeats_its_head_on_each_page_and_keeps_its_rows_whole(config):
    pages = pdf_pages(pdf_of(config).read_bytes())
    with_agencies = [page for page in pages if "Mã đơn vị" in page and "Quá hạn chưa giải quyết" in " ".join(page.split())]
    assert len(with_agencies) == 2
    assert all("(1) (2) (3)" in page for page in with_agencies)


def test_the_word_file_repeats_heads_keeps_rows_whole_and_names_one_font(config):
    write_release(config.province.name)
    (path,) = print_report(config, PERIOD, formats=("docx",))
    body = Document(io.BytesIO(path.read_bytes())).element.body
    tables = [table for table in body.findall(qn("w:tbl")) if table.findall(f".//{qn('w:tblHeader')}")]
    assert len(tables) == 4
    for table in tables:
        rows = table.findall(qn("w:tr"))
        assert [bool(row.findall(f"./{qn('w:trPr')}/{qn('w:tblHeader')}")) for row in rows[:3]] == [True, True, False]
        assert all(row.findall(f"./{qn('w:trPr')}/{qn('w:cantSplit')}") for row in rows)
        assert table.find(f".//{qn('w:tblLayout')}").get(qn("w:type")) == "fixed"
        widths = [int(column.get(qn("w:w"))) for column in table.find(qn("w:tblGrid"))]
        assert sum(widths) <= round((297 - 50) * 1440 / 25.4) + len(widths)
    assert {fonts.get(qn("w:ascii")) for fonts in body.iter(qn("w:rFonts"))} <= {"Times New Roman"}


def test_a_sentence_that_announces_a_list_stays_with_it(config):
    write_release(config.province.name)
    (path,) = print_report(config, PERIOD, formats=("docx",))
    found = [paragraph for paragraph in Document(io.BytesIO(path.read_bytes())).paragraphs if paragraph.text.startswith("Các nhiệm vụ")]
    assert len(found) == 3
    assert all(paragraph.paragraph_format.keep_with_next for paragraph in found)


def test_numbers_of_a_big_agency_stay_on_one_line(config, monkeypatch):
    rows = report_sample.marts_of_release()
    for row in rows["measure", PERIOD]:
        if row["figure"] == "on_time_rate@1:H52.03:2013-Q4":
            row |= {"numerator": 1234567, "denominator": 1234567, "value": 1}
    monkeypatch.setattr(report_sample, "marts_of_release", lambda: rows | {("compliance", PERIOD): []})
    write_release(config.province.name)
    files = print_report(config, PERIOD)
    assert any("1.234.567/1.234.567 100,00 %" in page for page in pdf_pages(files[1].read_bytes()))
    assert differences(files) == []


def test_tables_fit_their_page(config):
    for annex in report_of(config, "H52.02").annexes + report_of(config, sequence=2).annexes:
        if annex.table:
            assert sum(column.width for column in annex.table.columns) == 247


def test_the_ribbon_stands_on_every_page_of_a_test_setup(config):
    write_release(config.province.name)
    (path,) = print_report(config.model_copy(update={"ribbon": "THỬ NGHIỆM"}), PERIOD, formats=("pdf",))
    pages = pdf_pages(path.read_bytes())
    assert len(pages) > 8
    assert all("THỬ NGHIỆM" in page for page in pages)

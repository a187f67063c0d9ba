"""The forms as data: every outline's are there, their heads stand over the right columns, their tables fit the page."""

import pytest

from cchc.reports.document import Cell, HeadCell, Row
from cchc.reports.form_table import PAGE, form_table
from cchc.reports.forms import form_of
from cchc.reports.heads import heads_of, placed
from cchc.reports.outline import outlines


@pytest.mark.parametrize("outline", outlines(), ids=lambda outline: outline.outline)
def test_every_outline_says_which_forms_are_attached_to_what_and_who_says_so(outline):
    named = {name for use in outline.forms for name in use.forms}
    assert named == {"ii06a", "ii07b"}
    assert all(use.period_kinds and use.source and use.constructed == use.source.startswith("ours") for use in outline.forms)
    assert any("Thông tư 01/2020/TT-VPCP" in use.note_vi for use in outline.forms) == (outline.to_year <= 2020)


def test_the_forms_have_the_columns_of_the_circular():
    """docs/glossary.md: II.06a columns 3 to 13, II.07b columns 3 to 14."""
    assert list(form_of("ii06a").numbers) == list(range(3, 14))
    assert list(form_of("ii07b").numbers) == list(range(3, 15))
    assert form_of("ii06a").column_vi(4) == "Số lượng hồ sơ tiếp nhận: trong kỳ, trực tuyến"
    assert [form_of("ii06a").columns[number - 3][-1] for number in (7, 8, 9, 10)] == ["Tổng số", "Trước hạn", "Đúng hạn", "Quá hạn"]


HEADS = (
    (HeadCell("STT", rows=3), HeadCell("Nhận", columns=3), HeadCell("Trả", columns=2)),
    (HeadCell("Số", rows=2), HeadCell("Trong kỳ", columns=2), HeadCell("Số", rows=2), HeadCell("Hạn", rows=2)),
    (HeadCell("Mạng"), HeadCell("Quầy")),
)


def test_neighbours_with_the_same_words_share_a_head():
    paths = [("STT",), ("Nhận", "Số"), ("Nhận", "Trong kỳ", "Mạng"), ("Nhận", "Trong kỳ", "Quầy"), ("Trả", "Số"), ("Trả", "Hạn")]
    assert heads_of(paths) == HEADS
    assert heads_of([("A",), ("B",)]) == ((HeadCell("A"), HeadCell("B")),)


def test_each_line_of_a_head_is_known_in_full():
    assert [[(head.text, starts) for head, starts in line] for line in placed(HEADS)] == [
        [("STT", True), ("Nhận", True), ("Trả", True)],
        [("STT", False), ("Số", True), ("Trong kỳ", True), ("Số", True), ("Hạn", True)],
        [("STT", False), ("Số", False), ("Mạng", True), ("Quầy", True), ("Số", False), ("Hạn", False)],
    ]


@pytest.mark.parametrize(
    ("name", "digits", "code", "size"),
    [
        ("ii06a", "7", "H52:level=province", None),
        ("ii06a", "945.810", "H52:level=province", None),
        ("ii06a", "47.267", "H52.31.01:sector=lv-493d8a", None),
        ("ii06a", "2.945.810", "H52:level=province", 9.5),
        ("ii06a", "94.581.000", "H52:level=province", 7.5),
        ("ii07b", "12.945", "H52.31.01:sector=lv-493d8a", None),
    ],
)
def test_a_form_fits_the_page_whatever_its_numbers_are(name, digits, code, size):
    form = form_of(name)
    line = Row((Cell("1"), Cell("Sở Nội vụ"), *(Cell(digits) for _ in form.numbers), Cell(code)))
    table = form_table(form, (line,), "Lĩnh vực")
    assert sum(column.width for column in table.columns) == PAGE
    assert table.columns[1].width >= 34
    assert table.size == size

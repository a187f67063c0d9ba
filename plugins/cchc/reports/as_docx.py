"""The report as an editable Word document in Times New Roman."""

import io
from datetime import UTC
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt

from cchc.reports.document import Annex, Block, Head, Report
from cchc.reports.docx_parts import FONT, element, fixed_table, page_field, rule, spaced, write
from cchc.reports.sealed import sealed
from cchc.reports.vietnamese import roman

BODY, TABLE = 14, 10.5
LEFT, RIGHT = 72, 93  # mm of the two blocks of the head


def to_docx(report: Report, ribbon: str) -> bytes:
    """DOCX bytes: the same report and ribbon give the same bytes (the document's dates are the as-of)."""
    document = Document()
    _styles(document)
    _properties(document, report)
    _page(document.sections[0], landscape=False, right=15)
    _numbering(document.sections[0], report.look, ribbon)
    _head(document, report.head)
    for place, block in enumerate(report.blocks, 1):
        _block(document, block, last=place == len(report.blocks))
    _signature(document, report.head)
    for place, annex in enumerate(report.annexes, 1):
        _annex(document, annex, report.head, roman(place) if len(report.annexes) > 1 else "")
    out = io.BytesIO()
    document.save(out)
    return sealed(out.getvalue())


def _styles(document: Any) -> None:
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(BODY)
    fonts = normal.element.rPr.rFonts
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
    normal.element.rPr.append(element("lang", val="vi-VN", eastAsia="vi-VN"))
    normal.paragraph_format.space_after = Pt(0)


def _properties(document: Any, report: Report) -> None:
    about = document.core_properties
    at = report.source.as_of.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    about.title = f"Báo cáo {' '.join(report.head.subject)}"
    about.author = about.last_modified_by = " ".join(report.head.body)
    about.created = about.modified = at
    about.subject, about.language, about.comments, about.revision = report.source.release_id, "vi-VN", "", 1


def _page(section: Section, *, landscape: bool, right: int) -> None:
    long, short = Mm(297), Mm(210)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(right)
    section.header_distance = section.footer_distance = Mm(8)
    section.different_first_page_header_footer = True


def _numbering(section: Section, look: str, ribbon: str) -> None:
    """Pages from the second on carry their number; every page carries the ribbon. Annexes inherit both."""
    section.header.is_linked_to_previous = section.footer.is_linked_to_previous = False
    above = look == "nd30"
    place = (section.header if above else section.footer).paragraphs[0]
    place.alignment = WD_ALIGN_PARAGRAPH.CENTER if above else WD_ALIGN_PARAGRAPH.RIGHT
    page_field(place)
    write(section.header.add_paragraph() if above else section.header.paragraphs[0], ribbon, 10, bold=True)
    write(section.first_page_header.paragraphs[0], ribbon, 10, bold=True)


def _head(document: Any, head: Head) -> None:
    table = document.add_table(rows=2, cols=2)
    table.autofit = False
    for column, width in enumerate((LEFT, RIGHT)):
        table.columns[column].width = Mm(width)
        for row in table.rows:
            row.cells[column].width = Mm(width)
    above = [(line, False) for line in [head.body_upper] if line] + [(line, True) for line in head.body]
    _stacked(table.cell(0, 0), above, LEFT, 12 if head.body_upper else 13, 0.4)
    _stacked(table.cell(0, 1), [("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True), ("Độc lập - Tự do - Hạnh phúc", True)], RIGHT, 12, 1)
    write(spaced(table.cell(1, 0).paragraphs[0], align="center"), head.symbol, 13)
    write(spaced(table.cell(1, 1).paragraphs[0], align="center"), head.place_and_date, 13.5, italic=True)
    write(spaced(document.add_paragraph(), before=14, align="center"), "BÁO CÁO", BODY, bold=True)
    for line in head.subject:
        write(spaced(document.add_paragraph(), align="center"), line, BODY, bold=True)
    rule(document.add_paragraph(), 45, LEFT + RIGHT)
    write(spaced(document.add_paragraph(), before=6, after=10, align="center"), f"Kính gửi: {head.addressed_to}.", BODY)
    _paragraph(document, head.opening)


def _stacked(cell: Any, lines: list[tuple[str, bool]], room: int, size: float, share: float) -> None:
    """Centred lines, with a rule of `share` of the last line's length (about 0.6 em a letter) under it."""
    for place, (line, bold) in enumerate(lines):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        write(spaced(paragraph, align="center"), line, size, bold=bold)
    em = size * 25.4 / 72
    wide = 0.72 if lines[-1][0].isupper() else 0.47
    rule(cell.add_paragraph(), len(lines[-1][0]) * em * wide * share, room - 4)


def _block(document: Any, block: Block, *, last: bool) -> None:
    text = block.text + ("/." if last else "")
    if block.style == "p":
        _paragraph(document, text)
        return
    paragraph = spaced(document.add_paragraph(), before=6, after=6)
    paragraph.paragraph_format.first_line_indent = Mm(12.7)
    paragraph.paragraph_format.keep_with_next = True
    write(paragraph, text, BODY, bold=True)


def _paragraph(document: Any, text: str) -> None:
    paragraph = spaced(document.add_paragraph(), after=6)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.first_line_indent = Mm(12.7)
    paragraph.paragraph_format.line_spacing = 1.1
    paragraph.paragraph_format.keep_with_next = text.endswith(":")  # what it announces stands on its page
    write(paragraph, text, BODY)


def _signature(document: Any, head: Head) -> None:
    """Receivers left, signer right; places for signature, stamp and name stay empty."""
    spaced(document.add_paragraph(), after=0)
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    left, right = table.rows[0].cells
    table.rows[0]._tr.get_or_add_trPr().append(element("cantSplit"))
    left.width = right.width = Mm((LEFT + RIGHT) / 2)
    write(left.paragraphs[0], "Nơi nhận:", 12, bold=True, italic=True)
    for line in head.receivers:
        write(left.add_paragraph(), f"- {line}", 11)
    for place, line in enumerate(head.signed_as):
        paragraph = right.paragraphs[0] if place == 0 else right.add_paragraph()
        write(spaced(paragraph, align="center"), line, BODY, bold=True)
    for _ in range(4):
        right.add_paragraph()


def _annex(document: Any, annex: Annex, head: Head, numeral: str) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _page(section, landscape=annex.landscape, right=20)
    for old in section._sectPr.findall(qn("w:pgNumType")):  # python-docx copies the section before
        section._sectPr.remove(old)
    section._sectPr.insert_element_before(element("pgNumType", start=1), "w:cols", "w:titlePg", "w:docGrid")
    _title_lines(document, annex, head, numeral)
    for line in annex.before:
        write(spaced(document.add_paragraph(), after=4), line, 12, italic=True)
    if annex.table:
        document.element.body.insert_element_before(fixed_table(annex.table, annex.table.size or TABLE), "w:sectPr")
    for place, line in enumerate(annex.after):
        paragraph = spaced(document.add_paragraph(), before=6 if place == 0 else 0, after=4)
        write(paragraph, line if annex.table else f"- {line}", 10 if annex.table else 13)


def _title_lines(document: Any, annex: Annex, head: Head, numeral: str) -> None:
    write(spaced(document.add_paragraph(), align="center"), f"Phụ lục {numeral}".strip(), BODY, bold=True)
    write(spaced(document.add_paragraph(), align="center"), annex.title.upper(), BODY, bold=True)
    write(spaced(document.add_paragraph(), after=8, align="center"), head.attached, 13, italic=True)

"""Pieces of a Word document that python-docx has no words for: borders, fields, fixed tables."""

from collections.abc import Iterable, Iterator
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from cchc.reports.document import Cell, Column, Row, Table
from cchc.reports.heads import placed

FONT = "Times New Roman"
TWIPS_PER_MM = 1440 / 25.4
ALIGN = {"left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}


def say(text: str) -> str:
    """98,33 % never breaks before its sign."""
    return text.replace(" %", "\u00a0%")


def element(name: str, children: Iterable[Any] = (), **attributes: Any) -> Any:
    """An XML element `w:name` with attributes `w:...`."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    for child in children:
        made.append(child)
    return made


def twips(millimetres: float) -> int:
    """Twentieths of a point."""
    return round(millimetres * TWIPS_PER_MM)


def write(paragraph: Paragraph, text: str, size: float, *, bold: bool = False, italic: bool = False) -> Paragraph:
    """Add a run of `size` points."""
    run = paragraph.add_run(say(text))
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    return paragraph


def spaced(paragraph: Paragraph, *, before: float = 0, after: float = 0, align: str = "left") -> Paragraph:
    """Set a paragraph's distances in points and its alignment."""
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    paragraph.alignment = ALIGN[align]
    return paragraph


def rule(paragraph: Paragraph, length: float, room: float) -> None:
    """Turn an empty paragraph into a line of `length` mm in the middle of `room` mm."""
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Mm((room - length) / 2)
    form.space_before, form.space_after, form.line_spacing = Pt(1), Pt(4), Pt(3)
    top = element("top", val="single", sz=6, space=1, color="000000")
    paragraph._p.get_or_add_pPr().insert_element_before(element("pBdr", [top]), "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def page_field(paragraph: Paragraph) -> None:
    """The page's number, counted by Word."""
    run = paragraph.add_run()
    run.font.size = Pt(13)
    for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("t", "1"), ("end", "")):
        if kind == "t":
            run._r.append(_text_element("t", text))
        elif text:
            run._r.append(_text_element("instrText", text))
        else:
            run._r.append(element("fldChar", fldCharType=kind))


def fixed_table(table: Table, size: float) -> Any:
    """A bordered table of fixed column widths; its head repeats on each page, its rows don't split."""
    widths = [twips(column.width) for column in table.columns]
    borders = [element(side, val="single", sz=4, space=0, color="000000") for side in _SIDES]
    margins = [element(side, w=57, type="dxa") for side in ("left", "right")]
    properties = element("tblPr", [
        element("tblW", w=sum(widths), type="dxa"), element("tblInd", w=57, type="dxa"), element("tblBorders", borders),
        element("tblLayout", type="fixed"), element("tblCellMar", margins),
    ])  # fmt: skip
    grid = element("tblGrid", [element("gridCol", w=width) for width in widths])
    made = element("tbl", [properties, grid])
    titles = [Column(column.title, column.width) for column in table.columns]
    made.extend(_heads(table, size) if table.heads else [_row(titles, [Cell(one.title) for one in titles], size, bold=True, head=True)])
    made.append(_row(titles, [Cell(f"({place})") for place in range(1, len(titles) + 1)], size - 1.5, italic=True, head=True))
    for row in table.rows:
        made.append(_group(table.columns, row, size) if row.style == "group" else _line(table.columns, row, size))
    return made


_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def _heads(table: Table, size: float) -> Iterator[Any]:
    """The head's lines; a cell over several lines starts in the first and goes on, empty, below."""
    for line in placed(table.heads):
        cells, column = [], 0
        for head, starts in line:
            width = sum(one.width for one in table.columns[column : column + head.columns])
            text, merge = (head.text if starts else ""), "restart" if starts else "continue"
            cells.append(_cell(width, text, "center", size, bold=True, middle=True, span=head.columns, merge=merge * (head.rows > 1)))
            column += head.columns
        yield element("tr", [element("trPr", [element("cantSplit"), element("tblHeader")]), *cells])


def _line(columns: tuple[Column, ...], row: Row, size: float) -> Any:
    return _row(columns, row.cells, size, bold=row.style == "total")


def _group(columns: tuple[Column, ...], row: Row, size: float) -> Any:
    first = _cell(columns[0].width, row.cells[0].text, "center", size, bold=True, keep=True)
    rest = sum(column.width for column in columns[1:])
    wide = _cell(rest, row.cells[1].text, "left", size, bold=True, keep=True, span=len(columns) - 1)
    return element("tr", [element("trPr", [element("cantSplit")]), first, wide])


def _row(columns: Iterable[Column], cells: Iterable[Cell], size: float, *, bold: bool = False, italic: bool = False,
         head: bool = False) -> Any:  # fmt: skip
    properties = element("trPr", [element("cantSplit"), *([element("tblHeader")] if head else [])])
    made = [
        _cell(column.width, cell.text, column.align, size, bold=bold, italic=italic, middle=head)
        for column, cell in zip(columns, cells, strict=True)
    ]
    return element("tr", [properties, *made])


def _cell(width: int, text: str, align: str, size: float, *, bold: bool = False, italic: bool = False, keep: bool = False,
          span: int = 1, middle: bool = False, merge: str = "") -> Any:  # fmt: skip
    properties = element("tcPr", [
        element("tcW", w=twips(width), type="dxa"),
        *([element("gridSpan", val=span)] if span > 1 else []),
        *([element("vMerge", val=merge)] if merge else []),
        *([element("vAlign", val="center")] if middle else []),
    ])  # fmt: skip
    look = [*([element("b")] if bold else []), *([element("i")] if italic else []), element("sz", val=round(size * 2))]
    size_mark = element("rPr", [element("sz", val=round(size * 2))])  # an empty cell is as low as a full one
    run = element("r", [element("rPr", look), _text_element("t", say(text))])
    form = element("pPr", [
        *([element("keepNext")] if keep else []),
        element("spacing", before=20, after=20),
        element("jc", val=align),
        size_mark,
    ])  # fmt: skip
    return element("tc", [properties, element("p", [form, run])])


def _text_element(name: str, text: str) -> Any:
    made = element(name)
    made.text = text
    made.set(qn("xml:space"), "preserve")
    return made

"""Reads a printed report back, format by format, from what a person sees in it, and compares the figures.

DOCX, XLSX and PDF name a figure in one of two ways: the id stands in the cell after the value ("statistics", "compliance"), or
the column's legend under the table says which figure it holds for the row's code ("Cột (4): on_time_rate@1:{mã}:2013-Q4"; for a
form's columns in one, "Cột (3)-(13): form_ii06a_c{cột}@1:{mã}:2013-Q4", where the part of a code behind ":" ends the figure's id).
pypdfium2 (PDF) and openpyxl (XLSX) are development packages.
"""

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from cchc.reports.readback_grid import Grid, Printed, of_grid
from cchc.reports.readback_pdf import pdf_pages, read_pdf
from cchc.reports.vietnamese import number, percent

LIST = "Số liệu"  # the workbook's flat list


def read_json(content: bytes, parts: tuple[str, ...] = ("annexes",)) -> Printed:
    """What the canonical figures say is printed: each cell of `parts` with a figure, in the text that the figure carries."""
    document = json.loads(content)
    figures = {figure["figure"]: figure for figure in document["figures"]}
    texts = {"value": "printed", "fraction": "printed_fraction"}
    grids = [_json_grid(annex) for part in parts for annex in document["document"][part] if annex["table"]]
    named = {(figure, part) for grid in grids for figure, part, _ in of_grid(grid)}
    return frozenset(
        (figure, part, figures[figure][texts[part]] or "–") if figure in figures else (figure, part, "–")  # the release lacks it
        for figure, part in named
    )


def read_docx(content: bytes) -> Printed:
    """The figures in a Word file's tables."""
    return frozenset(found for grid in _docx_grids(content) for found in of_grid(grid))


def read_xlsx(content: bytes) -> Printed:
    """The figures in a workbook's sheets but the flat list, as Excel shows them in Vietnam."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content))
    grids = [grid for sheet in book if sheet.title != LIST for grid in _sheet_grids(sheet)]
    return frozenset(found for grid in grids for found in of_grid(grid))


def read_xlsx_list(content: bytes) -> dict[str, tuple[str, str]]:
    """Sheet "Số liệu": id → (number as shown, printed text)."""
    import openpyxl

    sheet = openpyxl.load_workbook(io.BytesIO(content))[LIST]
    titles = [cell.value for cell in sheet[1]]
    shown, printed = titles.index("Số liệu"), titles.index("Chữ in")
    return {row[0].value: (shown_text(row[shown]), row[printed].value) for row in sheet.iter_rows(min_row=2)}


READERS: dict[str, Callable[[bytes], Printed]] = {"json": read_json, "docx": read_docx, "xlsx": read_xlsx, "pdf": read_pdf}


def differences(files: Iterable[Path]) -> list[str]:
    """Compare every file with the JSON among `files`: one line per figure or sentence that is different, missing or extra.

    An empty list means that all formats say the same. Raises ValueError when there is no JSON.
    """
    contents = {path.suffix[1:]: path.read_bytes() for path in files}
    if "json" not in contents:
        raise ValueError("no JSON among the files to compare with")
    wanted = dict.fromkeys(contents, read_json(contents["json"])) | {"xlsx": read_json(contents["json"], ("annexes", "sheets"))}
    read = {name: READERS[name](content) for name, content in contents.items()}
    said = [
        f"{name}: {figure} ({part}) {'prints' if (figure, part, text) in printed else 'lacks'} {text!r}"
        for name, printed in sorted(read.items())
        for figure, part, text in sorted(printed ^ wanted[name])
    ]
    return said + _list_differences(contents) + _sentence_differences(contents)


def _list_differences(contents: dict[str, bytes]) -> list[str]:
    if "xlsx" not in contents:
        return []
    wanted = {figure["figure"]: (figure["printed"],) * 2 for figure in json.loads(contents["json"])["figures"]}
    found = read_xlsx_list(contents["xlsx"])
    return [
        f"xlsx list: {figure} prints {found.get(figure)}, not {wanted.get(figure)}"
        for figure in sorted(wanted.keys() | found.keys())
        if wanted.get(figure) != found.get(figure)
    ]


def _sentence_differences(contents: dict[str, bytes]) -> list[str]:
    """Sentences of the body, and lines above and under the annexes' tables, that a file doesn't hold word for word (blanks apart)."""
    document = json.loads(contents["json"])["document"]
    sentences = [document["head"]["opening"], *(block["text"] for block in document["blocks"])]
    lines = [line for annex in document["annexes"] for line in (*annex["before"], *annex["after"])]
    bodies = {name: BODIES[name](contents[name]) for name in BODIES if name in contents}
    return [
        f"{name}: lacks the sentence {text!r}"
        for name, body in bodies.items()
        for text in (lines if name == "xlsx" else [*sentences, *lines])
        if _solid(text) not in body
    ]


def _solid(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _docx_body(content: bytes) -> str:
    return _solid("\n".join(paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs))


def _pdf_body(content: bytes) -> str:
    """The pages' text without what stands above and below it: the ribbon on every page, the number from the second."""
    pages = [page.strip().split("\n") for page in pdf_pages(content)]
    ribbon = pages[0][0].strip() if len({page[0].strip().rstrip("0123456789 ") for page in pages}) == 1 else ""
    furniture = re.compile(rf"(?:{re.escape(ribbon)})? ?\d*")
    lines = [line for page in pages for place, line in enumerate(page)
             if not (place in {0, 1, len(page) - 1} and furniture.fullmatch(line.strip()))]  # fmt: skip
    return _solid("".join(lines))


def _xlsx_body(content: bytes) -> str:
    """A workbook has no body; its sheets hold the lines around the tables."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    sheets = [sheet for sheet in book if sheet.title != LIST]
    return _solid("\n".join(str(value) for sheet in sheets for row in sheet.iter_rows(values_only=True) for value in row if value))


BODIES: dict[str, Callable[[bytes], str]] = {"docx": _docx_body, "pdf": _pdf_body, "xlsx": _xlsx_body}


def shown_text(cell: Any) -> str:
    """A workbook cell as a Vietnamese Excel shows it: numbers by their format, texts as they are."""
    if not isinstance(cell.value, int | float):
        return cell.value or ""
    _, _, tail = cell.number_format.partition(".")
    places = len(re.match(r"0*", tail)[0]) if tail else 0  # type: ignore[index]
    value = Decimal(repr(cell.value))
    return percent(value, places) if cell.number_format.endswith("%") else number(value, places)


def _json_grid(annex: dict[str, Any]) -> Grid:
    table = annex["table"]
    return Grid(
        [column["title"] for column in table["columns"]],
        [[cell["text"] for cell in row["cells"]] for row in table["rows"] if row["style"] != "group"],
        annex["after"],
    )


def _docx_grids(content: bytes) -> Iterator[Grid]:
    """Tables with a head that repeats, each with the paragraphs up to the next section."""
    children = list(Document(io.BytesIO(content)).element.body)
    for place, table in enumerate(children):
        if table.tag != qn("w:tbl") or not table.findall(f".//{qn('w:tblHeader')}"):
            continue
        after = []
        for child in children[place + 1 :]:
            if child.tag != qn("w:p"):
                break
            after.append(_word_text(child))
        lines = [row.findall(qn("w:tc")) for row in table.findall(qn("w:tr"))]
        rows = [[_word_text(cell) for cell in line] for line in lines]
        start = next(place for place, row in enumerate(rows) if row[:2] == ["(1)", "(2)"])
        head = [[text for cell in line for text in _over_columns(cell)] for line in lines[:start]]
        yield Grid(_titles(head), rows[start + 1 :], after)


def _over_columns(cell: Any) -> list[str]:
    """A cell's text, once for each column it stands over."""
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    return [_word_text(cell)] * (1 if span is None else int(span.get(qn("w:val"))))


def _titles(head: Sequence[Sequence[str]]) -> list[str]:
    """The lowest words over each column; a cell over several lines has them in its first."""
    return [next((text for text in reversed(column) if text), "") for column in zip(*head, strict=True)]


def _word_text(node: Any) -> str:
    return "".join(text.text or "" for text in node.iter(qn("w:t"))).replace("\u00a0", " ")


def _sheet_grids(sheet: Any) -> Iterator[Grid]:
    rows = [[shown_text(cell) for cell in row] for row in sheet.iter_rows()]
    start = next((place for place, row in enumerate(rows) if row[:2] == ["(1)", "(2)"]), None)
    if start:
        width = len([text for text in rows[start] if text])
        body = [row[:width] for row in rows[start + 1 :]]
        yield Grid(_titles([row[:width] for row in rows[:start]]), body, [row[0] for row in body])


# ---- PDF: rows of text ------------------------------------------------------------------------------------------------

"""Reads a printed PDF back, from its text; pypdfium2 is a development package (readback)."""

import re

from cchc.reports.readback_grid import ID, LINE_TITLE, ONLY, UNIT_TITLE, Printed, legend_of, named

CODE = r"[A-Z]\d+(?:\.\d+)*"
VALUE = r"(?:–|bảo mật|0/0|không có|Có|Không|-?\d[\d.]*(?:,\d+)?(?: %)?)"
DIM = r"\w+=[\w-]+(?:,\w+=[\w-]+)*"
FRACTION = r"(?:–|-?[\d.]+(?:,\d+)?/-?[\d.]+(?:,\d+)?)"


def read_pdf(content: bytes) -> Printed:
    """The figures in a PDF's text, page by page."""
    pages = pdf_pages(content)
    legends = _legends(pages)
    found: set[tuple[str, str, str]] = set()
    for place, page in enumerate(pages):
        found |= _rows_with_ids(page)
        legend = next((lines for last, lines in legends if place <= last), None)
        if legend and _has_codes(page):
            found |= _rows_with_codes(page, legend)
    return frozenset(found)


def pdf_pages(content: bytes) -> list[str]:
    """Each page's text with single spaces inside lines."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        texts = [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
    # pdfium marks a hyphen at a line's end as U+FFFE; nothing here is hyphenated, so it is the word's own
    return [re.sub(r"[ \u00a0]+", " ", text.replace("\r\n", "\n").replace("\ufffe", "-")) for text in texts]


def _rows_with_ids(page: str) -> set[tuple[str, str, str]]:
    """A value stands right before its id; an id that is broken after a hyphen or comma is put together first."""
    text, whole = page, ""
    while text != whole:
        whole, text = text, re.sub(r"(@\d+:[\w.:=,-]*[-,:]) ?\n(?=[\w=,:-])", r"\1", text)
    text = re.sub(r"; ?\n", "; ", text).replace("\n", " ")
    found: set[tuple[str, str, str]] = set()
    for one in re.finditer(rf"(?:^| )({VALUE}) ({ID})(?:; ({FRACTION}))?", text):
        found.add((one[2], "value", one[1]))
        if one[3]:
            found.add((one[2], "fraction", one[3]))
    return found


def _legends(pages: list[str]) -> list[tuple[int, dict[int, tuple[str, str]]]]:
    """(the page a legend ends on, its columns), in order: it speaks for the table that ends above it."""
    found: list[tuple[int, dict[int, tuple[str, str]]]] = []
    for place, page in enumerate(pages):
        columns = legend_of(page.split("\n"))
        if columns and found and found[-1][0] == place - 1 and not _has_codes(page):
            columns = found.pop()[1] | columns
        if columns:
            found.append((place, columns))
    return found


def _has_codes(page: str) -> bool:
    return UNIT_TITLE in page or LINE_TITLE in page


def _rows_with_codes(page: str, legend: dict[int, tuple[str, str]]) -> set[tuple[str, str, str]]:
    """A row's code stands right before its figures, or right behind them; one that is broken behind its colon is put together."""
    first = min(legend)
    wanted = [FRACTION if legend.get(place, ("", "value"))[1] == "fraction" else VALUE for place in range(first, max(legend) + 1)]
    code, figures = rf"({CODE}(?::{DIM})?{ONLY})", " ".join(f"({pattern})" for pattern in wanted)
    behind = LINE_TITLE in page
    row = re.compile(rf"(?:^| ){figures} {code}(?= |$)" if behind else rf"(?:^| ){code} {figures}(?= |$)", re.MULTILINE)
    whole = re.sub(r"(=[\w-]+,) ?\n(?=\w+=)", r"\1", re.sub(rf"({CODE}:) ?\n", r"\1", page))
    whole = re.sub(rf"({CODE}:{DIM}(?:\(\d+\))*) ?\n(?=\(\d+\))", r"\1", whole)
    whole = whole if behind else re.sub(rf"({CODE}:{DIM}{ONLY}) ?\n", r"\1 ", whole)
    return {
        (named(figure, one[len(wanted) + 1 if behind else 1], place), part, one[place - first + (1 if behind else 2)])
        for one in row.finditer(whole)
        for place, (figure, part) in legend.items()
    }

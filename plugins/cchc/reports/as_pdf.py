"""The report as PDF, set by typst in one font family."""

from dataclasses import replace
from pathlib import Path

import typst

from cchc.reports.document import Report, canonical
from cchc.reports.fonts import FontChoice

TEMPLATE = Path(__file__).with_name("report.typ")


def to_pdf(report: Report, ribbon: str, font: FontChoice) -> bytes:
    """PDF/A-2a bytes: the same report, ribbon, font and typst give the same bytes (the date is the as-of)."""
    as_of = report.source.as_of
    inputs = {
        "report": canonical(replace(report, figures=())).decode(),  # the page needs their texts alone, and those are in its cells
        "ribbon": ribbon,
        "font": font.name,
        "year": str(as_of.year),
        "month": str(as_of.month),
        "day": str(as_of.day),
    }
    return typst.compile(
        TEMPLATE,
        font_paths=[font.path] if font.path else [],
        ignore_system_fonts=True,
        sys_inputs=inputs,
        format="pdf",
        pdf_standards="a-2a",
    )

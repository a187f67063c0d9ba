"""The annexes of a report, in their printed order; an annex without rows is left out."""

from cchc.reports.annex_agencies import agencies_annex
from cchc.reports.annex_compliance import agencies_sheet, compliance_annex
from cchc.reports.annex_forms import forms_annexes
from cchc.reports.annex_index import criteria_annexes, index_annexes
from cchc.reports.annex_notes import notes_annex
from cchc.reports.annex_reconciliation import ledger_sheet, reconciliation_annex
from cchc.reports.annex_statistics import statistics_annex
from cchc.reports.document import Annex
from cchc.reports.figures import Figures
from cchc.reports.outline import Outline


def annexes(outline: Outline, figures: Figures, unit: str) -> tuple[Annex, ...]:
    """Statistics, agencies, forms, index, compliance, reconciliation, notes on the data."""
    built = [
        statistics_annex(outline, figures, unit),
        agencies_annex(outline, figures, unit),
        *forms_annexes(outline, figures, unit),
        *index_annexes(figures, unit),
        *criteria_annexes(figures, unit),
        compliance_annex(figures, unit),
        reconciliation_annex(figures, unit),
        notes_annex(figures, unit),
    ]
    return tuple(annex for annex in built if annex is not None)


def sheets(figures: Figures, unit: str) -> tuple[Annex, ...]:
    """Tables for the workbook and the JSON alone."""
    return tuple(filter(None, [agencies_sheet(figures, unit), ledger_sheet(figures, unit)]))

"""Measures: one definition each; aggregate, rows behind it, catalogue and page are made from it (docs/measures.md)."""

from cchc.measures.model import Measure, MeasureFile, Part, definition, every_measure, measure_files, measure_named

__all__ = ["Measure", "MeasureFile", "Part", "definition", "every_measure", "measure_files", "measure_named"]

"""The outlines are data: every figure they name is in the catalogue of measures."""

import csv
from pathlib import Path

import pytest

from cchc.reports.outline import ObligationList, Outline, Points, outline_of, outlines
from cchc.reports.text import FIGURE

CATALOGUE = Path(__file__).resolve().parents[2] / "dbt_project/seeds/measure.csv"


def sentences(outline: Outline) -> list[str]:
    lines = [line for section in outline.sections for part in section.parts for line in part.lines]
    said = [line for line in lines if isinstance(line, str)]
    return said + [point for line in lines if isinstance(line, Points) for point in line.points]


def named_measures(outline: Outline) -> set[str]:
    in_text = {found["measure"] for text in sentences(outline) for found in FIGURE.finditer(text)}
    in_annex = {line.measure for group in outline.annex for line in group.lines}
    return in_text | in_annex | {column.measure for column in outline.agencies}


@pytest.mark.parametrize("outline", outlines(), ids=lambda outline: outline.outline)
def test_every_named_measure_is_in_the_catalogue(outline):
    with CATALOGUE.open(encoding="utf-8") as file:
        known = {row["measure"] for row in csv.DictReader(file)}
    assert len(known) > 20
    assert named_measures(outline) - known == set()


@pytest.mark.parametrize("outline", outlines(), ids=lambda outline: outline.outline)
def test_every_brace_in_a_sentence_is_a_figure(outline):
    assert [text for text in sentences(outline) if "{" in FIGURE.sub("", text)] == []


@pytest.mark.parametrize("outline", outlines(), ids=lambda outline: outline.outline)
def test_the_five_sections_stand_in_their_order_and_met_and_unmet_duties_are_told(outline):
    assert [section.title.split()[0] for section in outline.sections] == ["Công", "Kết", "Đánh", "Phương", "Kiến"]
    lines = [line for section in outline.sections for part in section.parts for line in part.lines]
    told = {status for line in lines if isinstance(line, ObligationList) for status in line.obligations}
    assert told == {"met", "not_met", "no_data"}


def test_the_outline_goes_by_the_year():
    assert [outline_of(year).outline for year in (2005, 2011, 2020, 2021, 2030, 2040)] == [
        "2011-2020", "2011-2020", "2011-2020", "2021-2030", "2021-2030", "2021-2030",
    ]  # fmt: skip
    assert "ĐỘI NGŨ" in str(outline_of(2013)).upper()
    assert "CHẾ ĐỘ CÔNG VỤ" in str(outline_of(2024)).upper()

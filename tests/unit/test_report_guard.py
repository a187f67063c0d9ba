"""Which small cells a report keeps back."""

from dataclasses import replace
from decimal import Decimal

import pytest

from cchc.reports.guard import guarded_figures
from cchc.reports.notes import MeasureNote
from cchc.reports.rows import MeasureRow

WORDS = {"title_vi": "Số người", "kind": "count", "unit_vi": "người", "numerator_vi": "Người", "decimals": 0}
NOTES = {"headcount@1": MeasureNote(**WORDS, guarded=True), "open@1": MeasureNote(**WORDS)}


def row(dim: str, people: int | None, measure: str = "headcount") -> MeasureRow:
    number = None if people is None else Decimal(people)
    return MeasureRow("X", "2013", measure, 1, dim, f"{measure}@1:X:2013:{dim}", number, None, number, "A")


@pytest.mark.parametrize(
    ("cells", "kept_back"),
    [
        ({"kind=a": 5, "kind=b": 9}, set()),
        ({"kind=a": 4, "kind=b": 9}, {"kind=a", "kind=b"}),  # the whole less the other would tell it
        ({"kind=a": 4, "kind=b": 1, "kind=c": 9}, {"kind=a", "kind=b"}),
        ({"kind=a": 4, "kind=b": 9, "kind=c": 7}, {"kind=a", "kind=c"}),
        ({"kind=a": 0, "kind=b": None, "kind=c": 5}, set()),  # none is no person
        ({"": 3}, set()),  # the whole is what a duty asks for
        ({"kind=a": 4, "level=b": 4, "level=c": 6}, {"kind=a", "level=b", "level=c"}),  # two breakdowns
    ],
)
def test_cells_of_fewer_than_five_are_kept_back(cells, kept_back):
    found = guarded_figures([row(dim, people) for dim, people in cells.items()], NOTES)
    assert {figure.split(":", 3)[3] for figure in found} == kept_back


def test_a_share_is_small_by_those_who_were_asked():
    asked = [replace(row(f"kind={of}", 2), denominator=Decimal(of)) for of in (4, 5, 9)]
    assert {figure.rpartition("=")[2] for figure in guarded_figures(asked, NOTES)} == {"4", "5"}


def test_only_a_guarded_measure_is():
    assert guarded_figures([row("kind=a", 1, "open")], NOTES) == frozenset()

"""A row's code says what its figures' ids end on, for all columns or for some."""

from cchc.reports.annex_agencies import _ended
from cchc.reports.document import Cell
from cchc.reports.readback_grid import named
from cchc.reports.tree import TODAY, bare, by_today

PLACES = {4: "received_count@1:{mã}:2025-Q4", 5: "on_time_rate@1:{mã}:2025-Q4", 6: "plan_completion_rate@1:{mã}:2025"}


def cells(ended: set[int]) -> tuple[Cell, ...]:
    return tuple(Cell("1", figure.replace("{mã}", "H52.5") + (f":{TODAY}" if place in ended else "")) for place, figure in PLACES.items())


def test_a_code_names_every_figure_of_its_row() -> None:
    for ended, code in (
        ({4, 5, 6}, "H52.5:tree=today"),
        (set(), "H52.5"),
        ({6}, "H52.5:tree=today(6)"),
        ({4, 5}, "H52.5:tree=today(4)(5)"),
    ):
        row = cells(ended)
        assert _ended("H52.5", TODAY, row) == code
        assert [named(figure, code, place) for place, figure in PLACES.items()] == [cell.figure for cell in row]


def test_a_cell_without_a_figure_says_nothing_of_the_code() -> None:
    assert _ended("H52.5", TODAY, (*cells({4, 5, 6}), Cell("–"))) == "H52.5:tree=today"


def test_a_breakdown_and_its_tree() -> None:
    assert (bare("level=commune,tree=today"), bare("tree=today"), bare("kind=x")) == ("level=commune", "", "kind=x")
    assert by_today("rest=no_successor,tree=today") and not by_today("tree=todays") and not by_today("")

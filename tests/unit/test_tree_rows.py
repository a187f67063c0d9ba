"""Which rows a report by today's tree shows: A was merged into B, which lived before; D has ended and names nobody."""

from datetime import date, datetime
from typing import Any

from cchc.clock import ZONE
from cchc.reports.notes import Notes
from cchc.reports.reading import Release
from cchc.reports.rows import DossierFormRow, MeasureRow
from cchc.reports.tree import Tree
from cchc.reports.tree_rows import chosen, form_rows
from cchc.reports.units import below, listed, stands

LIVES: dict[str, tuple[str, str | None, str | None, str, str]] = {  # kind, until, place today, how, parent
    "P": ("province", None, "P", "same", ""),
    "A": ("commune", "2013-10-15", "B", "first", "D"),
    "B": ("commune", None, "B", "same", "D"),
    "C": ("commune", None, "C", "same", "D"),
    "D": ("district", "2013-11-01", None, "none", "P"),
    "E": ("district", "2013-10-01", None, "none", "P"),
}
ROWS = [("B", ""), ("A", ""), ("C", ""), ("D", ""), ("P", ""), ("B", "tree=today"), ("P", "level=commune"), ("P", "level=district"),
        ("P", "level=commune,tree=today"), ("P", "rest=no_successor,tree=today"), ("B", "channel=online")]  # fmt: skip


def release(tree: Tree) -> Release:
    units = {
        code: {"name_vi": code, "kind": kind, "level": kind, "parent_code": parent or None, "sort_rank": rank, "valid_from": "2000-01-01",
               "valid_to": until, "today_code": place, "today_how": how}
        for rank, (code, (kind, until, place, how, parent)) in enumerate(LIVES.items())
    }  # fmt: skip
    period = {"kind": "quarter", "regime": "t", "starts_on": "2013-10-01", "ends_on": "2013-12-31", "due_on": "2014-01-20"}
    empty: dict[str, Any] = {name: {} for name in ("measures", "feeds", "directives", "obligations", "frameworks", "setting")}
    notes = Notes.model_validate({"units": units, "periods": {"2013-Q4": period}, "warnings": [], "synthetic": True, **empty})
    marts: Any = dict.fromkeys(
        (
            "measures",
            "index_units",
            "index_criteria",
            "compliance",
            "reconciliation",
            "form_ii06a",
            "form_ii07b",
            "coverage",
            "unit_coverage",
        ),
        (),
    )
    as_of = datetime(2013, 12, 31, 23, 59, tzinfo=ZONE)
    return Release("r", "p", as_of, False, "h", "h", notes, "2013-Q4", ("2013-Q4",), tree=tree, **marts)


def measured(measure: str, unit: str, dim: str) -> MeasureRow:
    return MeasureRow(unit, "2013-Q4", measure, 1, dim, f"{measure}@1:{unit}:2013-Q4:{dim}", None, None, None, "A")


def shown(tree: Tree, *rows: MeasureRow) -> list[tuple[str, str, str]]:
    return [(row.agency_code, dim, row.dim) for dim, row in chosen(release(tree), rows)]


def test_todays_figures_take_the_place_of_their_times() -> None:
    assert shown(Tree.TODAY, *(measured("m", unit, dim) for unit, dim in ROWS)) == [
        ("C", "", ""), ("P", "", ""), ("B", "", "tree=today"), ("P", "level=commune", "level=commune,tree=today"),
        ("P", "rest=no_successor", "rest=no_successor,tree=today"), ("B", "channel=online", "channel=online"),
    ]  # fmt: skip
    assert shown(Tree.THEN, measured("m", "A", ""), measured("m", "B", "tree=today")) == [("A", "", ""), ("B", "tree=today", "tree=today")]


def test_what_does_not_add_up_has_no_figure_by_todays_tree() -> None:
    """B's median alone would be taken for that of A and B."""
    assert shown(Tree.TODAY, measured("median", "B", ""), measured("median", "A", ""), measured("median", "C", "")) == [("C", "", "")]
    assert shown(Tree.TODAY, measured("median", "B", "")) == [("B", "", "")], "nothing was A's"


def test_a_forms_rows_are_of_one_tree() -> None:
    rows = [DossierFormRow(unit, dim, None, *range(16)) for unit, dim in [*ROWS[:-1], ("B", "sector=x"), ("B", "sector=x,tree=today")]]
    today = [(row.agency_code, row.dim) for row in form_rows(release(Tree.TODAY), rows)]
    assert today == [("C", ""), ("P", ""), ("B", "tree=today"), ("P", "level=commune,tree=today"), ("P", "rest=no_successor,tree=today"),
                     ("B", "sector=x,tree=today")]  # fmt: skip
    then = [(row.agency_code, row.dim) for row in form_rows(release(Tree.THEN), rows)]
    assert then == [*ROWS[:5], ("P", "level=commune"), ("P", "level=district"), ("B", "sector=x")]


def test_who_stands_in_which_tree_and_under_whom() -> None:
    then, today = release(Tree.THEN), release(Tree.TODAY)
    assert [code for code in LIVES if stands(then, code)] == ["P", "A", "B", "C", "D"], "E ended before the period"
    assert [code for code in LIVES if stands(today, code)] == ["P", "B", "C"]
    assert (below(today, "P"), listed(then, "P")) == (["D"], ["D"])
    assert listed(today, "P") == ["B", "C"], "no living district is above them"
    old = then.notes.model_copy(update={"units": {c: u.model_copy(update={"today_how": None}) for c, u in then.notes.units.items()}})
    assert [code for code in LIVES if stands(Release(**{**vars(then), "notes": old}), code)] == list(LIVES), "nothing is known: all"
    assert today.notes.units["A"].valid_to == date(2013, 10, 15)

"""Definitions of measures: what is made of them is current, and a slip in one is told."""

import pytest

from cchc.errors import ConfigError
from cchc.measures import every_measure, measure_named
from cchc.measures.files import doc_files, seed_files, sql_files
from cchc.measures.model import MeasureFile
from house import PROJECT

WORDS = {"unit_vi": "người", "title_vi": "Số người", "numerator_vi": "Người", "empty_vi": "Bằng 0", "periods": ["year"]}


@pytest.mark.parametrize("made", [sql_files, seed_files, doc_files], ids=["sql", "seed", "docs"])
def test_what_is_made_is_current(made):
    """Mend with `cchc measure sql`, `cchc measure seed`, `cchc measure docs`."""
    stale = [path.name for path, text in made(PROJECT).items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    assert stale == []


def test_no_made_model_outlives_its_definition():
    made = {path for path in sql_files(PROJECT) if path.parent.name == "measures"}
    marked = {p for p in (PROJECT / "dbt_project/models").rglob("*.sql") if "Made by `cchc measure sql`" in p.read_text(encoding="utf-8")}
    assert {p for p in marked if p.parent.name == "measures"} == made


def one(**more) -> dict:
    return {"feed": "staff", "measures": [{"id": "m", "kind": "count"} | WORDS | more]}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (one(when="row.no_such is null"), "m: fct_staff has no no_such"),
        (one(), "one of them"),
        (one(when="true", numerator="early"), "one of them"),
        (one(kind="ratio", when="true"), "denominator_vi"),
        (one(when="true", dims=["kind"]), r"unknown dimensions \['kind'\]"),
        (one(when="true", feeds=["stuff"]), r"unknown feeds \['stuff'\]"),
        (one(numerator="early"), "needs the file's `counted`"),
        (one(when="true", parts=[{"when": "true"}]), "when stand in its parts"),
        ({"feed": "staff", "measures": one(when="true")["measures"] * 2}, "stands twice"),
    ],
)
def test_a_slip_is_told(given, said):
    with pytest.raises(ValueError, match=said):
        MeasureFile.model_validate(given)


def test_an_unknown_measure_names_near_ones():
    with pytest.raises(ConfigError, match="on_time_rate"):
        measure_named("on_time_rat")
    assert measure_named("on_time_rate")[1] == measure_named("on_time_rate@1")[1]


def test_every_measure_says_what_an_empty_one_means_and_how_it_is_printed():
    for measure in every_measure():
        assert measure.empty_vi and measure.title_vi and measure.numerator_vi, measure.key
        assert measure.decimals == (2 if measure.kind == "ratio" else measure.decimals), measure.key

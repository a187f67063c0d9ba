"""Every duty of the five directives is measured, and every measure is asked for by somebody."""

import csv
import re

from cchc.measures import every_measure
from cchc.province.tables import template
from house import PROJECT, SHARED

SCOPE = {"overdue_age": {"overdue_age_median", "overdue_age_max"}}  # the list of duties names two measures by one word


def asked_by_the_list() -> dict[str, set[str]]:
    """The 61 duties of domain/obligations.csv with the measures they name."""
    with open(SHARED / "domain/obligations.csv", encoding="utf-8", newline="") as file:
        named = {row["id"]: row["measures"].split("; ") for row in csv.DictReader(file)}
    return {duty: set().union(*(SCOPE.get(name, {name}) for name in names)) for duty, names in named.items()}


def test_every_duty_s_measures_are_those_of_the_list():
    told: dict[str, set[str]] = {}
    for row in template("obligation")[1]:
        told.setdefault(row["obligation"], set()).add(row["measure"])
    assert told == asked_by_the_list()
    assert len(told) == 61


def test_every_measure_that_a_duty_names_is_defined_for_the_duty_s_periods():
    defined = {measure.id: set(measure.periods) for measure in every_measure()}
    asked = {(row["measure"], kind) for row in template("obligation")[1] for kind in row["periods"].split()}
    assert {name for name, _ in asked} <= defined.keys()
    assert {(name, kind) for name, kind in asked if kind not in defined[name]} == set()


def test_every_measure_names_the_duties_that_ask_for_it():
    asked = asked_by_the_list()
    for measure in every_measure():
        assert set(measure.duties) <= asked.keys(), measure.id
        by_name = {duty for duty, names in asked.items() if measure.id in names}
        assert by_name <= set(measure.duties), measure.id


def test_every_measure_is_used_by_a_duty_a_criterion_or_an_annex_or_says_why():
    used = {row["measure"] for row in template("obligation")[1]} | {row["measure"] for row in template("criterion")[1]}
    for outline in (PROJECT / "plugins/cchc/reports/outlines").glob("*.yaml"):
        used |= set(re.findall(r"\w+", outline.read_text(encoding="utf-8")))
    idle = {measure.id for measure in every_measure() if measure.id not in used}
    said = {measure.id for measure in every_measure() if measure.why}
    assert idle == said

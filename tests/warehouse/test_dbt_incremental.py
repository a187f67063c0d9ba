"""A chain of small nights ends with the very tables that a build from nothing gives, whatever happened in between."""

from datetime import datetime

import pytest

from cchc.warehouse.connect import connect
from dbt_fixture import COMMUNE, DISTRICT, ONE, Warehouse, at, dossier, end, installation

COUNTED = ("measures.agg_dossier_day", "measures.agg_dossier_late", "measures.agg_dossier_apology")
CHECKED = ("facts.fct_dossier", *COUNTED, "measures.agg_dossier_overdue", "measures.dossier_period")


@pytest.fixture(scope="module")
def warehouse(server, tmp_path_factory):
    with installation(server, tmp_path_factory.mktemp("dbt")) as made:
        made.load_reference()
        yield made


def test_a_chain_of_nights_equals_a_build_from_nothing(warehouse: Warehouse):
    first = warehouse.deliver(ONE, "dossier_log", [
        dossier("A", "01-02", "01-10", at("01-09")), dossier("B", "01-02", "01-10"), dossier("E", "01-03"),
    ], at("01-31"))  # fmt: skip
    cut_1 = _night(warehouse, end("01-31"))
    assert _keyed(warehouse), "the next nights look rows up by their key"
    assert _count(warehouse, "pending", ONE, "2013-01") == 2

    correction = warehouse.deliver(ONE, "dossier_log", [
        dossier("A", "01-02", "01-10", at("02-04")),  # its result moves to another month
        dossier("B", "01-02", "01-10", at("01-08"), _version=at("01-20")),  # older than what is known: does not count
        dossier("C", "01-28", "02-10", at("02-08")),  # late arrival of an earlier month
    ], at("02-20"))  # fmt: skip
    only = warehouse.deliver(DISTRICT, "dossier_log", [dossier("Z", "01-05", agency=COMMUNE)], at("02-20"))
    cut_2 = _night(warehouse, end("02-28"), cut_1)
    assert _count(warehouse, "early + on_time + late", ONE, "2013-01") == 0
    assert _count(warehouse, "early + on_time + late", ONE, "2013-02") == 2
    assert _count(warehouse, "received", ONE, "2013-01") == 4
    assert _count(warehouse, "pending", COMMUNE, "2013-01") == 1
    _equals_build_from_nothing(warehouse, end("02-28"), cut_2)
    assert _keyed(warehouse), "whole builds make a new table, and its index is made anew"

    warehouse.withdrawn |= {correction, only}  # the wrong file leaves; the last row of a unit with it
    cut_3 = _night(warehouse, end("03-31"), cut_2)
    assert [_since(warehouse, relation) for relation in ("facts.fct_dossier", *COUNTED)] == [cut_2] * 4, "not built anew"
    assert _count(warehouse, "early + on_time + late", ONE, "2013-01") == 1
    assert _count(warehouse, "received", ONE, "2013-01") == 3
    assert warehouse.rows("select count(*) from {s}_facts.fct_dossier where agency_code = %s", COMMUNE) == [(0,)]
    assert warehouse.rows("select distinct _delivery from {s}_facts.fct_dossier") == [(first,)]
    _equals_build_from_nothing(warehouse, end("03-31"), cut_3)


def test_a_night_that_broke_off_after_the_facts_leaves_nothing_behind(warehouse: Warehouse):
    """`since` is the last complete night; the facts know themselves which cut they were made from."""
    complete = _night(warehouse, end("03-31"))
    wrong = warehouse.deliver(ONE, "dossier_log", [dossier("A", "01-02", "01-10", at("03-09")), dossier("W", "03-02")], at("04-02"))
    gone = warehouse.delivered[0][0]
    warehouse.withdrawn.add(gone)
    _night(warehouse, end("04-02"), complete)  # its facts are there, but let the night have failed later
    warehouse.withdrawn.remove(gone)
    warehouse.withdrawn.add(wrong)
    cut = _night(warehouse, end("04-03"), complete)
    _equals_build_from_nothing(warehouse, end("04-03"), cut)
    _build(warehouse, end("04-03"), cut, cut)  # the same night twice
    assert warehouse.rows("select count(*) from {s}_facts.fct_dossier") == [(3,)]


def test_other_code_builds_from_nothing(warehouse: Warehouse):
    """Facts made by another version of the model are not built upon, and so is what has no mark."""
    cut = warehouse.cut(end("04-04"))
    with connect("cchc_transformer") as connection:
        connection.execute(f"update {warehouse.schema}_facts.fct_dossier set state = 'old'")
        connection.execute(f"update {warehouse.schema}_facts.fct_dossier__made set code = 'older'")
    _build(warehouse, end("04-04"), cut, cut)
    assert warehouse.rows("select count(*) from {s}_facts.fct_dossier where state = 'old'") == [(0,)]


def test_a_crash_leads_to_a_build_from_nothing(warehouse: Warehouse):
    """A crash empties unlogged tables: the facts and their mark go together, so no night builds upon empty facts."""
    warehouse.deliver(ONE, "dossier_log", [dossier("Q", "04-01")], at("04-05"))
    cut = _night(warehouse, end("04-05"))
    kinds = """select relname, relpersistence from pg_class
               where relname like 'fct_dossier%%' and relkind = 'r' and relnamespace = %s::regnamespace"""
    assert {("fct_dossier", "u"), ("fct_dossier__made", "u")} <= set(warehouse.rows(kinds, f"{warehouse.schema}_facts"))
    facts = warehouse.table("facts.fct_dossier")
    with connect("cchc_transformer") as connection:
        connection.execute(f"truncate {warehouse.schema}_facts.fct_dossier, {warehouse.schema}_facts.fct_dossier__made")
    _build(warehouse, end("04-05"), cut, cut)
    assert facts and warehouse.table("facts.fct_dossier") == facts


def _night(warehouse: Warehouse, as_of: datetime, since: int = 0) -> int:
    cut = warehouse.cut(as_of)
    _build(warehouse, as_of, cut, since)
    return cut


def _build(warehouse: Warehouse, as_of: datetime, cut: int, since: int, *more: str) -> None:
    warehouse.dbt("run", "--select", "+dossier_key", "+agg_dossier_overdue", *more, as_of=as_of, cut=cut, since=since)


def _since(warehouse: Warehouse, relation: str) -> int:
    return warehouse.rows(f"select since_cut_id from {{s}}_{relation}__made")[0][0]


def _keyed(warehouse: Warehouse) -> bool:
    """Whether fct_dossier has its unique index, which is made after the counts (models/measures/dossier_key.sql)."""
    found = warehouse.rows("select indexdef from pg_indexes where schemaname = '{s}_facts' and tablename = 'fct_dossier'")
    return any("UNIQUE" in text and "(dossier_code, agency_code)" in text for (text,) in found)


def _count(warehouse: Warehouse, column: str, unit: str, period: str) -> int:
    query = f"select {column} from {{s}}_measures.dossier_period where channel = '' and agency_code = %s and period_code = %s"
    return warehouse.rows(query, unit, period)[0][0]


def _equals_build_from_nothing(warehouse: Warehouse, as_of: datetime, cut: int) -> None:
    grown = [warehouse.table(relation) for relation in CHECKED]
    _build(warehouse, as_of, cut, cut, "--full-refresh")
    assert [warehouse.table(relation) for relation in CHECKED] == grown

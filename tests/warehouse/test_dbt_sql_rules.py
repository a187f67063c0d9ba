"""What the project's SQL may not say (docs/architecture.md: scale rules, decision 1), and what must hold of dbt itself."""

import json
import re
from pathlib import Path

import psycopg
import pytest

from cchc.measures import measure_files
from cchc.warehouse.connect import admin_url
from dbt_fixture import Warehouse, end, installation

FORBIDDEN = {
    "wall clock": r"\b(now\s*\(|current_date\b|current_time(stamp)?\b|localtime(stamp)?\b|clock_timestamp|statement_timestamp"
    r"|transaction_timestamp|timeofday)|'(now|today|tomorrow|yesterday)'",
    "recursion or cubes": r"\b(with\s+recursive|rollup|cube|grouping\s+sets)\b",
    "merge": r"\bmerge\s+into\b",
    "floats": r"\b(double\s+precision|float[48]?|real)\b",
    "functions that read tables": r"\bcreate\s+(or\s+replace\s+)?function\b",
}


@pytest.fixture(scope="module")
def compiled(server, tmp_path_factory):
    """Target folder of a build of an empty province, then of the same cut as an incremental night."""
    with installation(server, tmp_path_factory.mktemp("dbt")) as warehouse:
        warehouse.load_reference()
        cut = warehouse.cut(end("12-31"))
        assert warehouse.build(end("12-31"), cut) == []
        warehouse.dbt("run", "--select", "fct_dossier", as_of=end("12-31"), cut=cut, since=cut)
        yield warehouse, warehouse.config.home / "dbt/target"


def statements(target: Path) -> dict[str, str]:
    """Every model and test as dbt ran it, comments removed, by file."""
    files = [*target.glob("compiled/**/*.sql"), *target.glob("run/**/*.sql")]
    return {str(path.relative_to(target)): re.sub(r"--[^\n]*|/\*.*?\*/", " ", path.read_text(), flags=re.S) for path in files}


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_no_statement_uses(compiled, rule):
    found = statements(compiled[1])
    assert len(found) > 80
    hits = {name: match.group(0) for name, text in found.items() if (match := re.search(FORBIDDEN[rule], text, re.I))}
    assert hits == {}


@pytest.mark.parametrize(
    ("rule", "text"),
    [("wall clock", "select now()"), ("wall clock", "where d < CURRENT_DATE"), ("wall clock", "select 'today'::date"),
     ("recursion or cubes", "with recursive t as (select 1)"), ("recursion or cubes", "group by rollup (a)"), ("merge", "merge into t"),
     ("floats", "a::double precision"), ("functions that read tables", "create or replace function f()")],
)  # fmt: skip
def test_the_lint_can_fail(rule, text):
    assert re.search(FORBIDDEN[rule], text, re.I)


def test_an_incremental_model_deletes_and_inserts_by_a_key_that_starts_with_the_agency(compiled):
    models = _models(compiled[1])
    found = {n["name"]: n["config"] for n in models if n["config"]["materialized"] == "incremental"}
    assert sorted(found) == ["agg_dossier_apology", "agg_dossier_day", "agg_dossier_late", "agg_dossier_stretch", "fct_dossier"]
    for name, config in found.items():
        assert config["incremental_strategy"] == ("moved_rows" if name == "fct_dossier" else "delete+insert"), "both delete and insert"
        assert config["unique_key"][0] == "agency_code"
        assert all(index["columns"][0] == "agency_code" for index in config.get("indexes") or [])


def test_every_distinct_on_and_window_of_a_fact_starts_with_the_agency(compiled):
    distributed = {n["name"] for n in _models(compiled[1]) if n["config"].get("meta", {}).get("distribute_by")}
    heads = {
        (name, head.strip())
        for name, text in statements(compiled[1]).items()
        if name.startswith("compiled") and Path(name).stem in distributed
        for head in re.findall(r"(?:distinct\s+on\s*\(|partition\s+by)\s*([\w.]+)", text)
    }
    second_step = {"reporting_index_unit"}  # a block's ranking reads the index of all its units, never facts
    assert heads
    assert {h for h in heads if not h[1].endswith("agency_code") and Path(h[0]).stem not in second_step} == set()


def test_distributed_tables_start_with_the_agency(compiled):
    warehouse, target = compiled
    for node in _models(target):
        if node["config"].get("meta", {}).get("distribute_by") and node["config"]["materialized"] != "view":
            name = node.get("alias") or node["name"]
            first = warehouse.rows("select column_name from information_schema.columns where table_schema = %s and table_name = %s "
                                   "order by ordinal_position limit 1", node["schema"], name)  # fmt: skip
            assert first == [("agency_code",)], name


def test_the_macro_for_citus_changes_nothing_while_it_is_off(compiled):
    """With the var off dbt's own statement comes out; with it on a marked table is made empty, distributed, filled."""
    own, off, on = (_create_table(compiled[0], *call) for call in (("dbt.postgres__create_table_as", False),
                    ("postgres__create_table_as", False), ("postgres__create_table_as", True)))  # fmt: skip
    assert own.startswith("create  table") and off == own
    assert "where false" in on and on.index("create_distributed_table('a.b', 'agency_code')") < on.index("insert into a.b select 1")


def _create_table(warehouse: Warehouse, macro: str, citus: bool) -> str:
    inline = "{{ config(meta={'distribute_by': 'agency_code'}) }}{{ " + macro + "(false, 'a.b', 'select 1') }}"
    result = warehouse.dbt("compile", "--inline", inline, as_of=end("12-31"), cut=0, citus=citus)
    return re.sub(r"[ \t]*\n\s*", " ", result.results[0].node.compiled_code).strip()


def test_every_session_is_in_the_provinces_zone_whatever_the_roles_default(compiled):
    warehouse, _ = compiled
    name = warehouse.rows("select current_database()")[0][0]
    _as_owner_of_database(warehouse, f"alter role cchc_transformer in database {name} set timezone = 'UTC'")
    try:
        warehouse.dbt("run", "--select", "reporting_compliance", as_of=end("12-31"), cut=0)  # on-run-start refuses any other zone
    finally:
        _as_owner_of_database(warehouse, f"alter role cchc_transformer in database {name} reset timezone")


def _as_owner_of_database(warehouse: Warehouse, statement: str) -> None:
    with psycopg.connect(admin_url(warehouse.config), autocommit=True) as admin:
        admin.execute(statement)


def _models(target: Path) -> list[dict]:
    manifest = json.loads((target / "manifest.json").read_text())
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


def test_dbts_unit_tests_pass_and_there_is_one_for_every_hand_written_model_of_measures(compiled):
    """Boundary, exclusion, empty, tie of each measure. The night leaves them out."""
    warehouse, target = compiled
    results = warehouse.dbt("test", "--select", "test_type:unit", as_of=end("12-31"), cut=0).results
    tests = json.loads((target / "manifest.json").read_text())["unit_tests"].values()
    tested = {node["depends_on"]["nodes"][0].rsplit(".", 1)[1] for node in tests}
    measures = {node["name"] for node in _models(target) if node["name"].startswith("measure_")}
    made = {file.model for file in measure_files()}  # their cases: test_measure_cases
    assert measures - made - tested == {"measure_unit", "measure_province"}  # the second step; test_dbt_measures holds it
    assert sum(result.node.resource_type == "unit_test" for result in results) == len(tests)


def test_a_model_takes_the_place_of_what_stood_there(compiled):
    """Whatever its kind and whatever reads it, and nothing is left beside it."""
    warehouse, _ = compiled
    _as_owner_of_database(
        warehouse,
        """set role cchc_transformer;
           drop table {s}_facts.fct_training cascade; create view {s}_facts.fct_training as select 1;
           drop view {s}_index.criterion_band cascade; create table {s}_index.criterion_band ()""".replace("{s}", warehouse.schema),
    )
    assert warehouse.build(end("12-31"), warehouse.cut(end("12-31"))) == []
    kinds = "select relname::text, relkind::text from pg_class where relname ~ '^(fct_training|criterion_band)' and relkind in ('r', 'v')"
    assert sorted(warehouse.rows(kinds)) == [("criterion_band", "v"), ("fct_training", "r")]

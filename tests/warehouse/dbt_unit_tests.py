"""dbt's unit tests without dbt: their rows as temporary tables, a model's statement over them; for statements that are bent."""

import re
from collections.abc import Iterable
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from cchc.night.dbt import parse
from cchc.settings import Settings

Case = dict[str, Any]


class UnitTests:
    """The unit tests of the project."""

    def __init__(self, config: Settings):
        manifest = parse(config)
        self.province = config.province.name
        nodes = [node.to_dict(omit_none=False) for node in manifest.nodes.values()]
        self.models = {node["name"]: node for node in nodes if node["resource_type"] in ("model", "seed")}
        sources = [node.to_dict(omit_none=False) for node in manifest.sources.values()]
        self.sources = {(node["source_name"], node["name"]): node for node in sources}
        self.cases: dict[str, list[Case]] = {}
        for test in manifest.unit_tests.values():
            case = test.to_dict(omit_none=False)
            self.cases.setdefault(case["model"], []).append(case)

    def told(self, connection: psycopg.Connection, model: str, text: str) -> list[list[tuple]]:
        """What a statement says in each unit test of `model`, by the columns that its expected rows name. Nothing stays."""
        with connection.transaction(force_rollback=True):
            return [self._one(connection, case, text) for case in self.cases.get(model, [])]

    def _one(self, connection: psycopg.Connection, case: Case, text: str) -> list[tuple]:
        for number, given in enumerate(case["given"]):
            node = self._node(given["input"])
            place = f"given_{number}"
            connection.execute(f"drop table if exists pg_temp.{place}")
            text = self._replaced(text, node, place)
            if given["format"] == "sql":
                connection.execute(f"create temp table {place} as {given['rows']}")
            else:
                connection.execute(f"create temp table {place} as select * from {node['relation_name']} limit 0")
                _fill(connection, place, given["rows"])
        if province := (case["overrides"] or {}).get("vars", {}).get("province"):
            text = text.replace(f"'{self.province}'", f"'{province}'")
        names = list(dict.fromkeys(name for row in case["expect"]["rows"] for name in row))
        with connection.cursor(row_factory=dict_row) as cursor:
            return sorted((tuple(str(row.get(name)) for name in names) for row in cursor.execute(text)), key=str)

    def _node(self, words: str) -> dict[str, Any]:
        names = re.findall(r"'(\w+)'", words)
        return self.models[names[0]] if words.startswith("ref") else self.sources[names[0], names[1]]

    def _replaced(self, text: str, node: dict[str, Any], place: str) -> str:
        """Its relation, or, of an ephemeral one, the step that dbt has written into the statement, becomes the temporary table."""
        if node["relation_name"]:
            text = text.replace(node["relation_name"], f"pg_temp.{place}")
        return re.sub(rf"\b__dbt__cte__{node['name']}\b(?! as \()", f"pg_temp.{place}", text)


def _fill(connection: psycopg.Connection, place: str, rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        connection.execute(
            sql.SQL("insert into {} ({}) values ({})").format(
                sql.Identifier(place), sql.SQL(", ").join(map(sql.Identifier, row)),
                sql.SQL(", ").join(sql.Literal(None if value is None else str(value)) for value in row.values()),
            )
        )  # fmt: skip

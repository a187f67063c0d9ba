"""A contract in two formats that others read: the Open Data Contract Standard (YAML) and Frictionless Table Schema (JSON)."""

import json
from typing import Any

import yaml

from cchc.contracts.model import PERIOD, Column, Contract, Personal
from cchc.contracts.suites import suite_of
from cchc.contracts.tables import SQL_TYPES

ODCS_VERSION = "v3.1.0"
ODCS_TYPES = {"integer": "integer", "amount": "number", "decimal": "number", "date": "date", "instant": "timestamp", "boolean": "boolean"}
FIELD_TYPES = ODCS_TYPES | {"instant": "datetime"}  # everything else is a string in both
TRUE_WORDS, FALSE_WORDS = ["có", "x", "1", "true"], ["không", "0", "false"]


def odcs(agreed: Contract) -> dict[str, Any]:
    """The contract as an Open Data Contract Standard document; row rules and delivery rules as quality checks."""
    table = {
        "name": agreed.feed, "physicalName": f"accepted.{agreed.feed}", "physicalType": "table", "logicalType": "object",
        "businessName": agreed.title_vi, "properties": [_property(agreed, name, column) for name, column in agreed.columns.items()],
        "quality": [*_row_checks(agreed), *_delivery_checks(agreed)],
    }  # fmt: skip
    return {
        "apiVersion": ODCS_VERSION, "kind": "DataContract", "id": f"cchc.{agreed.feed}", "name": agreed.feed,
        "version": f"{agreed.version}.0.0", "status": "active", "domain": "cai-cach-hanh-chinh",
        "description": {"purpose": agreed.purpose or agreed.title_vi}, "schema": [table],
        "customProperties": [{"property": "mode", "value": agreed.mode.value}, {"property": "scope", "value": agreed.scope}],
    }  # fmt: skip


def table_schema(agreed: Contract) -> dict[str, Any]:
    """The contract as a Frictionless Table Schema of what a sender is asked for; `title` is the Vietnamese header."""
    asked = {name: column for name, column in agreed.stored.items() if not column.derived}
    return {
        "$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json",
        "name": agreed.feed, "title": agreed.title_vi, "description": agreed.purpose, "version": f"{agreed.version}.0.0",
        "fields": [_field(name, column, name in agreed.key) for name, column in asked.items()],
        "primaryKey": list(agreed.key), "missingValues": [""],
        "cchc:rows": [rule.model_dump(exclude_defaults=True) for rule in agreed.rows],
    }  # fmt: skip


def exported(agreed: Contract, form: str) -> str:
    """The text of an export; `form` is a key of FORMS."""
    return FORMS[form](agreed)


def _property(agreed: Contract, name: str, column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": name, "businessName": column.vi, "logicalType": ODCS_TYPES.get(column.type, "string"),
        "physicalType": SQL_TYPES[column.type], "required": column.required or name in agreed.key,
    }  # fmt: skip
    if name in agreed.key:
        told |= {"primaryKey": True, "primaryKeyPosition": agreed.key.index(name) + 1}
    if column.note:
        told["description"] = column.note
    if column.personal:
        told["classification"] = "personal, dropped" if column.personal is Personal.DROP else "personal, keyed hash"
    if column.allowed:
        valid = {"validValues": list(column.allowed)}
        told["quality"] = [{"type": "library", "metric": "invalidValues", "arguments": valid, "mustBe": 0}]
    if options := _options(column):
        told["logicalTypeOptions"] = options
    return told


def _options(column: Column) -> dict[str, Any]:
    if column.type == "period":
        return {"pattern": PERIOD}
    if column.type in ("text", "code"):
        return {} if column.allowed else {"maxLength": column.max_length}
    return {word: _bound(column, told) for word, told in (("minimum", column.min), ("maximum", column.max)) if told is not None}


def _bound(column: Column, told: str) -> int | float | str:
    if column.type in ("date", "instant"):
        return told
    return int(told) if "." not in told else float(told)  # a bound of an export, nothing is computed with it


def _row_checks(agreed: Contract) -> list[dict[str, Any]]:
    return [
        {"type": "custom", "name": rule.id, "description": rule.vi, "severity": "error" if rule.action == "quarantine" else "info",
         "engine": "cchc", "implementation": rule.model_dump(include={"left", "op", "right", "when", "action"})}
        for rule in agreed.rows
    ]  # fmt: skip


def _delivery_checks(agreed: Contract) -> list[dict[str, Any]]:
    return [
        {"type": "custom", "name": check["meta"]["id"], "description": check["meta"]["vi"],
         "severity": "error" if check["severity"] == "critical" else "warning", "engine": "great-expectations",
         "implementation": {"type": check["type"], "kwargs": check["kwargs"]}}
        for check in suite_of(agreed)["expectations"]
    ]  # fmt: skip


def _field(name: str, column: Column, in_key: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"name": name, "title": column.vi, "type": FIELD_TYPES.get(column.type, "string")}
    if column.note:
        told["description"] = column.note
    if column.type == "boolean":
        told |= {"trueValues": TRUE_WORDS, "falseValues": FALSE_WORDS}
    limits: dict[str, Any] = {"required": True} if column.required or in_key else {}
    limits |= {"enum": list(column.allowed)} if column.allowed else _options(column)
    return told | ({"constraints": limits} if limits else {})


FORMS = {
    "odcs": lambda agreed: yaml.safe_dump(odcs(agreed), allow_unicode=True, sort_keys=False, width=140),
    "table-schema": lambda agreed: json.dumps(table_schema(agreed), ensure_ascii=False, indent=1) + "\n",
}

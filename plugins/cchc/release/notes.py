"""The words a release carries beside its figures, so that printing it again years later needs nothing else."""

from typing import Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from cchc.contracts import attachment, attachments, contract, feeds

UNITS = """select agency_code as id, name_vi, kind, level, block, parent_code, sort_rank, valid_from::text, valid_to::text,
    today.successor_code as today_code, today.attribution as today_how
  from reference.unit left join {} as today using (agency_code) where province = %(province)s"""
PERIODS = """select period_code as id, kind, regime, starts_on::text, ends_on::text, due_on::text from reference.period
  where province = %(province)s
    and starts_on <= (select (as_of at time zone 'Asia/Ho_Chi_Minh')::date from ops.cut where cut_id = %(cut)s)"""
DIRECTIVES = "select directive as id, title_vi from reference.directive where province = %(province)s"
OBLIGATIONS = (
    "select distinct on (obligation) obligation as id, duty_vi from reference.obligation where province = %(province)s order by 1, 2"
)
FRAMEWORKS = """select framework || '@' || version as id, coalesce(max(s.value), max(framework)) as title_vi,
    bool_or(constructed) as constructed
  from reference.criterion c left join reference.setting s on s.province = c.province and s.name = 'framework_title_vi.' || c.framework
  where c.province = %(province)s group by framework, version"""
SETTINGS = "select name as id, value from reference.setting where province = %(province)s"
MISSING = """select source_id from ops.coverage where cut_id = %(cut)s and required and state <> 'in' order by 1"""


def notes_of(connection: psycopg.Connection, province: str, cut_id: int, schema: str, warnings: list[dict[str, str]]) -> dict[str, Any]:
    """The notes of a release: names of units, measures, periods, duties; settings; coverage; the suites' warnings."""
    values = {"province": province, "cut": cut_id}
    catalogue = sql.SQL(
        "select measure || '@' || version as id, title_vi, kind, unit_vi, numerator_vi, denominator_vi, decimals, guarded from {}"
    ).format(sql.Identifier(f"{schema}_reporting", "measure_catalogue"))
    units = sql.SQL(UNITS).format(sql.Identifier(f"{schema}_measures", "unit_successor"))
    settings = {key: row["value"] for key, row in _by_id(connection, SETTINGS, values).items()}
    missing = [row[0] for row in connection.execute(MISSING, values)]
    return {
        "units": _by_id(connection, units, values),
        "measures": _by_id(connection, catalogue, values),
        "periods": _by_id(connection, PERIODS, values),
        "feeds": {f: {"title_vi": contract(f).title_vi} for f in feeds()}
        | {f: {"title_vi": attachment(f).title_vi} for f in attachments()},
        "directives": _by_id(connection, DIRECTIVES, values),
        "obligations": _by_id(connection, OBLIGATIONS, values),
        "frameworks": _by_id(connection, FRAMEWORKS, values),
        "setting": settings,
        "warnings": warnings,
        "coverage": {"missing_required": missing},
        "synthetic": settings.get("synthetic") == "true",
    }


def _by_id(connection: psycopg.Connection, query: LiteralString | sql.Composed, values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return {row.pop("id"): row for row in cursor.execute(query, values)}

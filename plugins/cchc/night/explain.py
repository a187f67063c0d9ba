"""Why a figure of the last night is what it is: the rows behind it, what was left out, which deliveries they came by, what the
checks said. Of an earlier release: explain_release.py."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.rows import dict_row

from cchc.clock import ZONE
from cchc.errors import DataError
from cchc.measures import Measure, MeasureFile, measure_named
from cchc.measures.rows import rows_sql
from cchc.night.dbt import schema_prefix
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.roles import TRANSFORMER

NIGHT = """select n.night_id, n.as_of, n.cut_id, (select release_id from release.manifest m where m.night_id = n.night_id) as release_id
  from ops.night n where n.province = %s and n.state in ('built', 'red', 'released') order by n.night_id desc limit 1"""
FIGURE = "select figure, numerator, denominator, value, status from {s}_reporting.measure where figure = %s"
BEHIND = """with listed as ({rows})
  select l.* from listed l
  inner join {s}_measures.measure_unit u on (u.agency_code, u.period_code, u.measure, u.version, u.dim)
    = (l.agency_code, l.period_code, %(measure)s, %(version)s, '') and u.is_collected
  where (%(level)s::text is null or u.level = %(level)s) and (%(dim)s::text is null or %(dim)s = any(l.dims))
  order by l.agency_code, l.fact, l.delivery, l.line"""
TODAY = """select t.agency_code from {s}_measures.unit_successor t left join reference.unit place on place.agency_code = t.successor_code
  where case when %(rest)s then t.successor_code is null when %(level)s::text is not null then place.level = %(level)s
    else t.successor_code = %(unit)s end"""
DELIVERIES = """select d.delivery_id, d.feed, d.source_id, d.name, d.sha256, d.contract_version, d.arrived_at,
    d.rows_accepted + d.rows_unchanged as rows_usable
  from ops.delivery d where d.delivery_id = any(%s) order by d.arrived_at, d.delivery_id"""
CHECKS = """select suite, subject, expectation, severity, success, message_vi from ops.suite_result
  where (suite like 'mart%%' and night_id = %(night)s)
    or (split_part(suite, '@', 1) = any(%(feeds)s) and subject = any(%(deliveries)s)) order by suite, subject, expectation"""


@dataclass(frozen=True)
class Explained:
    """A figure of the last night, or of a release, with everything that made it."""

    measure: Measure
    figure: dict[str, Any]  # figure, numerator, denominator, value, status
    as_of: datetime
    release: str | None
    rows: list[dict[str, Any]]  # cchc.measures.rows.COLUMNS; what the measure looks at, also those left out
    deliveries: list[dict[str, Any]]
    checks: list[dict[str, Any]]
    numerator: Decimal  # what the rows add up to
    denominator: Decimal | None
    note_vi: str = ""  # of a release: by which rows it is explained
    same_cut: bool = True  # whether those are the rows of the deliveries that it was made of
    about: dict[str, str] = field(default_factory=dict)  # of a form's cell: which form, column, row, and what it counts

    @property
    def left_out(self) -> dict[str, int]:
        """Reason → rows that are in neither side for it."""
        names = [row["left_out"] for row in self.rows if row["left_out"]]
        return {name: names.count(name) for name in dict.fromkeys(names)}

    @property
    def adds_up(self) -> bool:
        """Whether the rows add up to the figure; a median has no such sum and says what its rows are."""
        if (self.measure.model and not self.about) or self.figure["status"] == "M":
            return True
        told = (self.figure["numerator"], self.figure["denominator"])
        return told == (self.numerator, self.denominator)


def explain(config: Settings, measure: str, unit: str, period: str, dim: str = "") -> Explained:
    """The last night's figure of `measure` for a unit (the province: of all its units), a period and a breakdown.

    Raises ConfigError for an unknown measure, DataError when no night was built or it has no such figure.
    """
    file, asked = measure_named(measure)
    schema = schema_prefix(config)
    with connect(TRANSFORMER) as connection:
        night = found_one(connection, NIGHT, (config.province.name,), "no night was built yet: `cchc run nightly`")
        name = figure_name(asked, unit, period, dim)
        missing = f"the last night has no figure {name}; `cchc measure list` shows the measures and their kinds of period"
        figure = found_one(connection, FIGURE.format(s=schema), (name,), missing)
        rows = rows_behind(
            connection, BEHIND.format(s=schema, rows="{rows}"), Sought(file, asked, unit, period, dim), schema, night["as_of"]
        )
        deliveries, checks = came_by(connection, asked, rows, night["night_id"])
    top, of = sums(asked, rows, figure)
    return Explained(asked, figure, night["as_of"].astimezone(ZONE), night["release_id"], rows, deliveries, checks, top, of)


def sums(measure: Measure, rows: list[dict[str, Any]], figure: dict[str, Any]) -> tuple[Decimal, Decimal | None]:
    """What rows add up to: unit by unit (a yes/no is at most 1 of each), the units together."""
    by_unit: dict[str, list[Decimal]] = {}
    for row in rows:
        told = by_unit.setdefault(row["agency_code"], [Decimal(0), Decimal(0)])
        told[0] += row["numerator"]
        told[1] += row["denominator"] or 0
    most = Decimal(1) if measure.kind == "yes_no" or measure.once else None
    sides = [sum((min(told[n], most) if most else told[n] for told in by_unit.values()), Decimal(0)) for n in (0, 1)]
    if measure.kind == "yes_no":
        return sides[0], figure["denominator"]  # of all units that are collected, those without rows too
    return sides[0], sides[1] if measure.kind == "ratio" else None


@dataclass(frozen=True)
class Sought:
    """Which figure."""

    file: MeasureFile
    measure: Measure
    unit: str
    period: str
    dim: str

    @property
    def parts(self) -> dict[str, str]:
        """Its breakdown by name: `level=commune,tree=today` → level, tree."""
        return dict(item.split("=", 1) for item in self.dim.split(",") if item)

    @property
    def by_today(self) -> bool:
        """Whether it is by today's tree: of units that were merged, too."""
        return self.parts.get("tree") == "today"

    @property
    def level(self) -> str | None:
        """The level that its breakdown names."""
        return self.parts.get("level")

    @property
    def inner(self) -> str | None:
        """Its breakdown without what names units: level, tree and rest."""
        return ",".join(f"{name}={value}" for name, value in self.parts.items() if name not in ("level", "tree", "rest")) or None


def figure_name(measure: Measure, unit: str, period: str, dim: str) -> str:
    """A figure's id."""
    return f"{measure.key}:{unit}:{period}" + (f":{dim}" if dim else "")


def rows_behind(
    connection: psycopg.Connection, query: str, sought: Sought, schema: str, as_of: datetime, dims: str = "", **more: Any
) -> list[dict[str, Any]]:
    """The rows of a figure, `query` saying which of those `{rows}` lists; of a hand-written measure those of `rows_of`.

    `dims`: the breakdowns of a row in SQL, where they are not the definition's own.
    """
    listed = measure_named(sought.measure.rows_of)[1] if sought.measure.rows_of else sought.measure
    rows = rows_sql(sought.file, listed, in_schema(schema), dims)
    values = {"periods": [sought.period], "as_of": as_of, "measure": sought.measure.id, "version": sought.measure.version,
              "dim": sought.inner} | which_units(connection, sought, schema)  # fmt: skip
    return found_all(connection, query.format(rows=rows), values | more)


def in_schema(schema: str) -> Callable[[str], str]:
    """Where a model's rows lie."""
    return lambda model: f"{schema}_{'facts' if model.startswith('fct') else 'measures'}.{model}"


def which_units(connection: psycopg.Connection, sought: Sought, schema: str) -> dict[str, Any]:
    """The units whose rows make a figure (none: all of them), or the level that theirs is; by today's tree with those merged."""
    if sought.by_today:
        asked = {"rest": "rest" in sought.parts, "level": sought.level, "unit": sought.unit}
        return {"units": [row["agency_code"] for row in found_all(connection, TODAY.format(s=schema), asked)], "level": None}
    whole = connection.execute("select 1 from reference.unit where agency_code = %s and kind = 'province'", (sought.unit,)).fetchone()
    return {"units": None if whole else [sought.unit], "level": sought.level}


def came_by(
    connection: psycopg.Connection, measure: Measure, rows: list[dict[str, Any]], night: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The deliveries of rows, and the checks of those deliveries and of a night's marts."""
    came = sorted({row["delivery"] for row in rows})
    values = {"night": night, "feeds": list(measure.feeds), "deliveries": [str(number) for number in came]}
    return found_all(connection, DELIVERIES, (came,)), found_all(connection, CHECKS, values)


def found_all(connection: psycopg.Connection, query: str, values: Any) -> list[dict[str, Any]]:
    """Rows by column name."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, values).fetchall()


def found_one(connection: psycopg.Connection, query: str, values: Any, missing: str) -> dict[str, Any]:
    """The first of them. Raises DataError saying what is missing."""
    found = found_all(connection, query, values)
    if not found:
        raise DataError(missing)
    return found[0]

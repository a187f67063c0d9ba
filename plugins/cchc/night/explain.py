"""Why a figure is what it is: the rows behind it, what was left out, which deliveries they came by, what the checks said."""

from dataclasses import dataclass
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
DELIVERIES = """select d.delivery_id, d.feed, d.source_id, d.name, d.sha256, d.contract_version, d.arrived_at,
    d.rows_accepted + d.rows_unchanged as rows_usable
  from ops.delivery d where d.delivery_id = any(%s) order by d.arrived_at, d.delivery_id"""
CHECKS = """select suite, subject, expectation, severity, success, message_vi from ops.suite_result
  where (suite like 'mart%%' and night_id = %(night)s)
    or (split_part(suite, '@', 1) = any(%(feeds)s) and subject = any(%(deliveries)s)) order by suite, subject, expectation"""


@dataclass(frozen=True)
class Explained:
    """A figure of the last night with everything that made it."""

    measure: Measure
    figure: dict[str, Any]  # figure, numerator, denominator, value, status
    as_of: datetime
    release: str | None
    rows: list[dict[str, Any]]  # cchc.measures.rows.COLUMNS; what the measure looks at, also those left out
    deliveries: list[dict[str, Any]]
    checks: list[dict[str, Any]]
    numerator: Decimal  # what the rows add up to
    denominator: Decimal | None

    @property
    def left_out(self) -> dict[str, int]:
        """Reason → rows that are in neither side for it."""
        names = [row["left_out"] for row in self.rows if row["left_out"]]
        return {name: names.count(name) for name in dict.fromkeys(names)}

    @property
    def adds_up(self) -> bool:
        """Whether the rows add up to the figure; a median has no such sum and says what its rows are."""
        if self.measure.model or self.figure["status"] == "M":
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
        night = _one(connection, NIGHT, (config.province.name,), "no night was built yet: `cchc run nightly`")
        name = f"{asked.key}:{unit}:{period}" + (f":{dim}" if dim else "")
        missing = f"the last night has no figure {name}; `cchc measure list` shows the measures and their kinds of period"
        figure = _one(connection, FIGURE.format(s=schema), (name,), missing)
        whole = connection.execute("select 1 from reference.unit where agency_code = %s and kind = 'province'", (unit,)).fetchone()
        rows = _rows(connection, file, asked, schema, None if whole else [unit], period, dim, night["as_of"])
        came = sorted({row["delivery"] for row in rows})
        deliveries = _all(connection, DELIVERIES, (came,))
        values = {"night": night["night_id"], "feeds": list(asked.feeds), "deliveries": [str(number) for number in came]}
        checks = _all(connection, CHECKS, values)
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


def _rows(
    connection: psycopg.Connection, file: MeasureFile, measure: Measure, schema: str, units: list[str] | None, period: str, dim: str,
    as_of: datetime,
) -> list[dict[str, Any]]:  # fmt: skip
    """The rows of a figure; of a hand-written measure those of the measure that it names in `rows_of`."""
    listed = measure_named(measure.rows_of)[1] if measure.rows_of else measure
    query = rows_sql(file, listed, lambda model: f"{schema}_{'facts' if model.startswith('fct') else 'measures'}.{model}")
    items = dim.split(",") if dim else []
    level = next((item.removeprefix("level=") for item in items if item.startswith("level=")), None)
    inner = ",".join(item for item in items if not item.startswith("level=")) or None
    values = {"units": units, "periods": [period], "as_of": as_of, "measure": measure.id, "version": measure.version, "level": level,
              "dim": inner}  # fmt: skip
    return _all(connection, BEHIND.format(rows=query, s=schema), values)


def _all(connection: psycopg.Connection, query: str, values: Any) -> list[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, values).fetchall()


def _one(connection: psycopg.Connection, query: str, values: Any, missing: str) -> dict[str, Any]:
    found = _all(connection, query, values)
    if not found:
        raise DataError(missing)
    return found[0]

"""Why a figure of a release is what it is: the figure as frozen, and the rows behind it by that release's own cut, made anew aside."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql

from cchc.clock import ZONE
from cchc.errors import DataError
from cchc.measures import measure_named
from cchc.measures.rows import rows_sql
from cchc.night.dbt import build_aside, schema_prefix
from cchc.night.explain import NIGHT, Explained, Sought, came_by, figure_name, found_all, found_one, rows_behind, sums
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.roles import TRANSFORMER

RELEASE = """select release_id, as_of, cut_id, night_id,
    exists (select from ops.cut_delivery d where d.cut_id = m.cut_id) as cut_is_kept
  from release.manifest m where release_id = %s and province = %s"""
FROZEN = """select figure, numerator, denominator, value, status from release.measure
  join release.manifest_partition using (partition_id) where release_id = %s and agency_code = %s and figure = %s"""
BEHIND = """with listed as ({rows}), told as (
    select agency_code, status from release.measure join release.manifest_partition using (partition_id)
    where release_id = %(release)s and period_code = %(period)s and measure = %(measure)s and version = %(version)s and dim = '')
  select l.* from listed l
  inner join told on told.agency_code = l.agency_code and told.status <> 'M'
  inner join {s}_measures.unit_period u on (u.agency_code, u.period_code) = (l.agency_code, l.period_code)
  where (%(level)s::text is null or u.level = %(level)s) and (%(dim)s::text is null or %(dim)s = any(l.dims))
  order by l.agency_code, l.fact, l.delivery, l.line"""
SAME_NIGHT = "Số liệu đã đóng băng; dòng dữ liệu theo chính đêm đã lập bản phát hành."
SAME_CUT = "Số liệu đã đóng băng; dòng dữ liệu lập lại từ các lần gửi của bản phát hành, theo mã và dữ liệu tham chiếu hiện nay."
LAST_NIGHT = (
    "Số liệu đã đóng băng; danh sách lần gửi của bản phát hành không còn được giữ, nên dòng dữ liệu theo đêm gần nhất ({as_of:%d/%m/%Y})."
)


def explain_release(config: Settings, measure: str, unit: str, period: str, dim: str, release: str) -> Explained:
    """A release's figure of `measure` for a unit, a period and a breakdown.

    Its rows are made anew from the deliveries in force in its cut, in schemas of their own that are dropped again: that takes as
    long as a whole build of the facts behind the measure. Raises ConfigError for an unknown measure, DataError for an unknown
    release or when it has no such figure.
    """
    file, asked = measure_named(measure)
    sought = Sought(file, asked, unit, period, dim)
    with connect(TRANSFORMER) as connection:
        frozen = release_row(connection, config, release)
        name = figure_name(asked, unit, period, dim)
        figure = found_one(connection, FROZEN, (release, unit, name), f"release {release} has no figure {name}")
    with rows_stand(config, frozen, models_behind(sought)) as stand, connect(TRANSFORMER) as connection:
        query = BEHIND.format(s=stand.prefix, rows="{rows}")
        rows = rows_behind(connection, query, sought, stand.prefix, stand.as_of, release=release, period=period)
        deliveries, checks = came_by(connection, asked, rows, frozen["night_id"])
    top, of = sums(asked, rows, figure)
    as_of = frozen["as_of"].astimezone(ZONE)
    return Explained(asked, figure, as_of, release, rows, deliveries, checks, top, of, stand.note_vi, stand.same_cut)


def release_row(connection: psycopg.Connection, config: Settings, release: str) -> dict[str, Any]:
    """A release's night, cut and as-of, and whether the cut's deliveries are still listed. Raises DataError for an unknown one."""
    return found_one(connection, RELEASE, (release, config.province.name), f"no release {release}; `cchc release list` shows all")


@dataclass(frozen=True)
class Stand:
    """Where the rows behind a release's figures are looked at, and by which rows."""

    prefix: str  # of the schemas
    as_of: datetime
    note_vi: str
    same_cut: bool  # they are of the release's own deliveries


@contextmanager
def rows_stand(config: Settings, frozen: dict[str, Any], models: list[str]) -> Iterator[Stand]:
    """The last night's rows where the release is its own, or where the cut's list is gone; else `models` made anew from its cut."""
    with connect(TRANSFORMER) as connection:
        last = found_one(connection, NIGHT, (config.province.name,), "no night was built yet: `cchc run nightly`")
    if frozen["night_id"] == last["night_id"]:
        yield Stand(schema_prefix(config), last["as_of"], SAME_NIGHT, True)
    elif not frozen["cut_is_kept"]:
        yield Stand(schema_prefix(config), last["as_of"], LAST_NIGHT.format(as_of=last["as_of"].astimezone(ZONE)), False)
    else:
        with _made_anew(config, models, frozen) as prefix:
            yield Stand(prefix, frozen["as_of"], SAME_CUT, True)


@contextmanager
def _made_anew(config: Settings, models: list[str], frozen: dict[str, Any]) -> Iterator[str]:
    """Models as a release's cut has them, while they are looked at."""
    prefix = f"{schema_prefix(config)}_aside_{secrets.token_hex(4)}"
    try:
        failed = [node for node in build_aside(config, models, frozen["as_of"], frozen["cut_id"], prefix) if node.failed]
        if failed:
            raise DataError(f"the rows of this release could not be made anew: {failed[0].name}: {failed[0].message[:300]}")
        yield prefix
    finally:
        with connect(TRANSFORMER, autocommit=True) as connection:
            _drop(connection, prefix)


def models_behind(sought: Sought) -> list[str]:
    """The models that the list of rows reads."""
    listed = measure_named(sought.measure.rows_of)[1] if sought.measure.rows_of else sought.measure
    names = ["unit_successor"] if sought.by_today else []
    rows_sql(sought.file, listed, lambda model: names.append(model) or model)  # type: ignore[func-returns-value]
    return sorted(set(names))


def _drop(connection: psycopg.Connection, prefix: str) -> None:
    query = "select nspname from pg_namespace where starts_with(nspname, %s)"
    for row in found_all(connection, query, (f"{prefix}_",)):
        connection.execute(sql.SQL("drop schema {} cascade").format(sql.Identifier(row["nspname"])))

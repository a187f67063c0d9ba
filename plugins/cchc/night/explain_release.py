"""Why a figure of a release is what it is: the figure as frozen, and the rows behind it by that release's own cut, made anew aside."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
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
  join release.manifest_partition using (partition_hash) where release_id = %s and agency_code = %s and figure = %s"""
BEHIND = """with listed as ({rows}), told as (
    select agency_code, status from release.measure join release.manifest_partition using (partition_hash)
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
        frozen = found_one(connection, RELEASE, (release, config.province.name), f"no release {release}; `cchc release list` shows all")
        name = figure_name(asked, unit, period, dim)
        figure = found_one(connection, FROZEN, (release, unit, name), f"release {release} has no figure {name}")
        last = found_one(connection, NIGHT, (config.province.name,), "no night was built yet: `cchc run nightly`")
    is_last, is_kept = frozen["night_id"] == last["night_id"], frozen["cut_is_kept"]
    stands = is_last or not is_kept
    with _standing(config) if stands else _made_anew(config, sought, frozen) as prefix, connect(TRANSFORMER) as connection:
        as_of = last["as_of"] if stands else frozen["as_of"]
        query = BEHIND.format(s=prefix, rows="{rows}")
        rows = rows_behind(connection, query, sought, prefix, as_of, release=release, period=period)
        deliveries, checks = came_by(connection, asked, rows, frozen["night_id"])
    top, of = sums(asked, rows, figure)
    note = SAME_NIGHT if is_last else SAME_CUT if is_kept else LAST_NIGHT.format(as_of=last["as_of"].astimezone(ZONE))
    return Explained(asked, figure, frozen["as_of"].astimezone(ZONE), release, rows, deliveries, checks, top, of, note, is_last or is_kept)


@contextmanager
def _standing(config: Settings) -> Iterator[str]:
    """The last night's own facts."""
    yield schema_prefix(config)


@contextmanager
def _made_anew(config: Settings, sought: Sought, frozen: dict[str, Any]) -> Iterator[str]:
    """The facts behind a measure as a release's cut has them, while they are looked at."""
    prefix = f"{schema_prefix(config)}_aside_{secrets.token_hex(4)}"
    try:
        _build(config, sought, frozen["as_of"], frozen["cut_id"], prefix)
        yield prefix
    finally:
        with connect(TRANSFORMER, autocommit=True) as connection:
            _drop(connection, prefix)


def _build(config: Settings, sought: Sought, as_of: datetime, cut_id: int, prefix: str) -> None:
    failed = [node for node in build_aside(config, _models_behind(sought), as_of, cut_id, prefix) if node.failed]
    if failed:
        raise DataError(f"the rows of this release could not be made anew: {failed[0].name}: {failed[0].message[:300]}")


def _models_behind(sought: Sought) -> list[str]:
    """The models that the list of rows reads."""
    listed = measure_named(sought.measure.rows_of)[1] if sought.measure.rows_of else sought.measure
    names: list[str] = []
    rows_sql(sought.file, listed, lambda model: names.append(model) or model)  # type: ignore[func-returns-value]
    return sorted(set(names))


def _drop(connection: psycopg.Connection, prefix: str) -> None:
    query = "select nspname from pg_namespace where starts_with(nspname, %s)"
    for row in found_all(connection, query, (f"{prefix}_",)):
        connection.execute(sql.SQL("drop schema {} cascade").format(sql.Identifier(row["nspname"])))

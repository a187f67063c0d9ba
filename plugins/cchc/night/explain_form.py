"""Why a cell of form II.06a or II.07b is what it is: the form's row as the last night or a release has it, and the rows behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg

from cchc.clock import ZONE, end_of_day
from cchc.measures import Measure, definition
from cchc.night.dbt import schema_prefix
from cchc.night.explain import NIGHT, Explained, Sought, came_by, found_all, found_one, in_schema, rows_behind, sums, which_units
from cchc.night.explain_procedures import MODELS, procedure_rows
from cchc.night.explain_release import Stand, models_behind, release_row, rows_stand
from cchc.reports.figures import dim_words
from cchc.reports.forms import Form
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.roles import TRANSFORMER

LAST = "select * from {s}_reporting.form_{form} where (agency_code, period_code, dim) = (%(unit)s, %(period)s, %(dim)s)"
FROZEN = """select f.* from release.form_{form} f join release.manifest_partition using (partition_id)
  where release_id = %(release)s and (agency_code, period_code, dim) = (%(unit)s, %(period)s, %(dim)s)"""
WORDS = """select u.name_vi, u.kind, p.starts_on, p.ends_on from reference.unit u join reference.period p on p.province = u.province
  where u.province = %s and u.agency_code = %s and p.period_code = %s"""
SETTING = "select name, value from reference.setting where province = %s"
FROZEN_SETTING = "select key as name, value from release.manifest, jsonb_each_text(notes -> 'setting') where release_id = %s"
BEHIND = """with listed as ({rows})
  select l.* from listed l inner join {s}_measures.unit_period u using (agency_code, period_code)
  where (%(level)s::text is null or u.level = %(level)s) and (%(dim)s::text is null or %(dim)s = any(l.dims))
  order by l.agency_code, l.fact, l.delivery, l.line"""
PERIOD_KINDS = ("quarter", "half", "nine_months", "year")  # for which there are forms
SECTOR = "array['sector=lv-' || left(md5(coalesce(fact.known_sector, '')), 6)]"  # as reporting_form_ii06a names it


@dataclass(frozen=True)
class Cell:
    """Which cell: its form and column, and the unit, period and breakdown of its row."""

    form: Form
    column: int
    unit: str
    period: str
    dim: str

    @property
    def figure(self) -> str:
        """Its id, as reports print it."""
        return f"form_{self.form.form}_c{self.column}@{self.form.version}:{self.unit}:{self.period}" + (f":{self.dim}" if self.dim else "")

    @property
    def place(self) -> dict[str, str]:
        """The key of its row."""
        return {"unit": self.unit, "period": self.period, "dim": self.dim}


def explain_cell(config: Settings, form: Form, column: int, unit: str, period: str, dim: str, release: str = "") -> Explained:
    """A form's cell of the last night, or of a release as frozen, with its rows, deliveries and checks.

    Raises DataError when no night was built, for an unknown release, or when the form has no such row.
    """
    cell = Cell(form, column, unit, period, dim)
    return _of_release(config, cell, release) if release else _of_last_night(config, cell)


def _of_last_night(config: Settings, cell: Cell) -> Explained:
    prefix = schema_prefix(config)
    with connect(TRANSFORMER) as connection:
        night = found_one(connection, NIGHT, (config.province.name,), "no night was built yet: `cchc run nightly`")
        query = LAST.format(s=prefix, form=cell.form.form)
        row = found_one(connection, query, cell.place, f"the last night has no figure {cell.figure}{_why(cell)}")
        setting = _settings(connection, SETTING, config.province.name)
        stand = Stand(prefix, night["as_of"], "", True)
        return _explained(connection, config, cell, row, setting, stand, night)


def _of_release(config: Settings, cell: Cell, release: str) -> Explained:
    with connect(TRANSFORMER) as connection:
        frozen = release_row(connection, config, release)
        query = FROZEN.format(form=cell.form.form)
        row = found_one(connection, query, cell.place | {"release": release}, f"release {release} has no figure {cell.figure}{_why(cell)}")
        setting = _settings(connection, FROZEN_SETTING, release)
    models = models_behind(_sought(cell, _measure(cell, setting))) if cell.form.counts else MODELS
    with rows_stand(config, frozen, models) as stand, connect(TRANSFORMER) as connection:
        return _explained(connection, config, cell, row, setting, stand, frozen)


def _explained(connection: psycopg.Connection, config: Settings, cell: Cell, row: dict[str, Any], setting: Mapping[str, str], stand: Stand,
               night: dict[str, Any]) -> Explained:  # fmt: skip
    words = found_one(connection, WORDS, (config.province.name, cell.unit, cell.period), f"{cell.figure}: unit or period is unknown now")
    measure = _measure(cell, setting)
    sought = _sought(cell, measure)
    if cell.form.counts:
        rows = rows_behind(connection, BEHIND.format(s=stand.prefix, rows="{rows}"), sought, stand.prefix, stand.as_of, SECTOR)
    else:
        units = which_units(connection, sought, stand.prefix)["units"]
        rows = procedure_rows(connection, in_schema(stand.prefix), cell.column, units, cell.period, sought.inner)
    deliveries, checks = came_by(connection, measure, rows, night["night_id"])
    figure = _figure(cell, row, night["as_of"] < end_of_day(words["ends_on"]))
    top, _ = sums(measure, rows, figure)
    return Explained(measure, figure, night["as_of"].astimezone(ZONE), night["release_id"], rows, deliveries, checks, top, None,
                     stand.note_vi, stand.same_cut, _about(cell, row, words, setting))  # fmt: skip


def _figure(cell: Cell, row: dict[str, Any], running: bool) -> dict[str, Any]:
    value = row[f"c{cell.column}"]
    status = "M" if value is None else "P" if running else "A"
    return {"figure": cell.figure, "numerator": value, "denominator": None, "value": value, "status": status}


def _measure(cell: Cell, setting: Mapping[str, str]) -> Measure:
    """The cell as a measure of its own: a sum of counts, or of procedures, which are listed by hand."""
    form = cell.form
    counted = {"numerator": form.counted(cell.column, setting)} if form.counts else {"model": f"reporting_form_{form.form}"}
    words = {"title_vi": f"{form.name_vi}, cột {cell.column}: {form.column_vi(cell.column)}", "numerator_vi": form.column_vi(cell.column)}
    said = {"kind": "count", "unit_vi": form.unit_vi, "empty_vi": "0", "feeds": (form.feed,), "periods": PERIOD_KINDS}
    return Measure.model_validate({"id": f"form_{form.form}_c{cell.column}", "version": form.version, **words, **said, **counted})


def _sought(cell: Cell, measure: Measure) -> Sought:
    return Sought(definition(cell.form.feed), measure, cell.unit, cell.period, cell.dim)


def _about(cell: Cell, row: dict[str, Any], words: dict[str, Any], setting: Mapping[str, str]) -> dict[str, str]:
    told = {
        "form": f"{cell.form.name_vi} ({cell.form.source_vi}): {cell.form.title_vi}",
        "column": f"({cell.column}) {cell.form.column_vi(cell.column)}, {cell.form.unit_vi}",
        "unit": f"{cell.unit} {words['name_vi']}",
        "period": f"{cell.period} ({words['starts_on']:%d/%m/%Y} - {words['ends_on']:%d/%m/%Y})",
        "row": _row_words(cell, row),
    }
    if not cell.form.counts:
        return told | {"counts": "procedures in force at the cut-off, each once a level; the rows say which one counts"}
    counts = cell.form.counted(cell.column, setting)
    same = [
        f"{'numerator of ' if one.denominator else ''}{one.key}" for one in definition(cell.form.feed).measures if one.numerator == counts
    ]
    return told | {"counts": counts, "measures": ", ".join(same) or "none counts this alone"}


def _row_words(cell: Cell, row: dict[str, Any]) -> str:
    """`lĩnh vực Hộ tịch`, `cấp xã`, `tổng cộng`."""
    parts = [item for item in cell.dim.split(",") if item]
    words = [f"lĩnh vực {row['sector_vi'] or 'không rõ'}" if item.startswith("sector=") else dim_words(item) for item in parts]
    return ", ".join(words) or "tổng cộng"


def _why(cell: Cell) -> str:
    return f": the form has no such row; periods are quarters, half-years, nine months and years, and {cell.unit} must be collected in it"


def _settings(connection: psycopg.Connection, query: Any, key: str) -> dict[str, str]:
    return {row["name"]: row["value"] for row in found_all(connection, query, (key,))}

"""The procedures behind a cell of form II.07b (dbt_project/models/reporting/reporting_form_ii07b.sql counts them)."""

from collections.abc import Callable
from typing import Any

import psycopg

from cchc.night.explain import found_all
from cchc.reports.forms import FIRST

MODELS = ["unit_period", "fct_procedure", "unit_successor"]
LEVELS = (None, "province", "district", "commune")  # columns 3, 4, 5, 6, and so on by fours
COUNTS = ("true", "coalesce(fact.one_stop, false)", "coalesce(fact.internal_process_on <= unit.cutoff_on, false)")
LOCAL_FORM = "Cùng một thủ tục, đã tính ở dòng khác"
NOT_SO = ("", "Không thực hiện qua một cửa", "Chưa có quy trình nội bộ")
# Of the units together a procedure is in one sector and counts once a level: by the first of its rows for which the column holds.
BEHIND = """with held as (
    select unit.agency_code, unit.period_code, coalesce(fact.level, unit.level) as level,
      coalesce(fact.national_code, fact.procedure_code) as code, nullif(btrim(fact.sector), '') as sector,
      {counts} as meets, fact._delivery as delivery, fact._line as line, to_jsonb(fact) as row
    from {unit_period} as unit
    inner join {fct_procedure} as fact on unit.agency_code = fact.agency_code
    where unit.period_code = %(period)s and unit.kind <> 'province'
      and (%(units)s::text[] is null or unit.agency_code = any(%(units)s::text[]))
      and (fact.in_force_from > unit.cutoff_on) is not true and (fact.in_force_to <= unit.cutoff_on) is not true
  ), placed as (
    select held.*, row_number() over (partition by level, code order by meets desc, agency_code, delivery, line) as place,
      'sector=lv-' || left(md5(coalesce(min(sector) over (partition by level, code), '')), 6) as dim
    from held where %(level)s::text is null or level = %(level)s
  )
  select agency_code, period_code, 'fct_procedure' as fact, delivery, line,
    (case when meets and place = 1 then 1 else 0 end)::numeric as numerator,
    null::numeric as denominator, case when not meets then %(not_so)s::text when place > 1 then %(again)s end as left_out,
    null::date as on_date, array[dim] as dims, row
  from placed where %(dim)s::text is null or dim = %(dim)s order by agency_code, delivery, line"""


def procedure_rows(
    connection: psycopg.Connection, relation: Callable[[str], str], column: int, units: list[str] | None, period: str, dim: str | None
) -> list[dict[str, Any]]:
    """The rows of the catalogue behind a cell, cchc.measures.rows.COLUMNS wide: of the `units` (none: of all the province's)."""
    which, level = divmod(column - FIRST, len(LEVELS))
    query = BEHIND.format(counts=COUNTS[which], unit_period=relation("unit_period"), fct_procedure=relation("fct_procedure"))
    values = {"period": period, "units": units, "level": LEVELS[level], "dim": dim, "not_so": NOT_SO[which], "again": LOCAL_FORM}
    return found_all(connection, query, values)

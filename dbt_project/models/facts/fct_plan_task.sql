-- One row per task of a plan, its newest version.
with newest as (
    {{ current_row(ref('stg_plan_task'), ["agency_code", "plan_year", "task_code"]) }}
)

select
    agency_code,
    plan_year,
    task_code,
    plan_kind,
    title,
    output,
    owner,
    due_on,
    finished_on,
    excused_reason,
    _delivery,
    _line,
    _flags
from newest

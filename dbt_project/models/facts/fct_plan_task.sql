-- Made by `cchc measure sql` from the contract of plan_task: of each key the newest row.
-- Nhiệm vụ của kế hoạch cải cách hành chính
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
    task_kind,
    lead_code,
    resources,
    decision_no,
    programme_code,
    programme_to_year,
    survey_code,
    excused_on,
    _delivery,
    _line,
    _flags
from newest

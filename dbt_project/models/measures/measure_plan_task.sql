{{ config(materialized="view") }}

-- Tasks of the year's PAR plan finished by the cut-off; a task with a recorded, objective reason leaves the rate.
select
    unit.agency_code,
    unit.period_code,
    'plan_completion_rate' as measure,
    1 as version,
    '' as dim,
    (count(*) filter (where task.finished_on <= unit.cutoff_on))::numeric as numerator,
    count(*)::numeric as denominator
from {{ ref('unit_period') }} as unit
inner join {{ ref('fct_plan_task') }} as task
    on
        unit.agency_code = task.agency_code
        and unit.year = task.plan_year
where
    task.plan_kind = 'par'
    and coalesce(btrim(task.excused_reason), '') = ''
group by unit.agency_code, unit.period_code

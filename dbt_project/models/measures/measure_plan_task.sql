-- Made by `cchc measure sql` from plugins/cchc/measures/definitions/plan_task.yaml: change that, not this.
-- noqa: disable=LT05
{{ config(materialized="ephemeral") }}

with pass_1 as (
    select
        unit.agency_code,
        unit.period_code,
        fact.programme_code as by_programme,
        -- plan_completion_rate@1
        count(*) filter (where fact.plan_kind = 'par' and fact.plan_year = unit.year and coalesce(fact.task_kind, 'task') = 'task') as spoken_1,
        (count(*) filter (where fact.plan_kind = 'par' and fact.plan_year = unit.year and coalesce(fact.task_kind, 'task') = 'task' and (btrim(fact.excused_reason) <> '') is not true and fact.finished_on <= unit.cutoff_on))::numeric as numerator_1,
        (count(*) filter (where fact.plan_kind = 'par' and fact.plan_year = unit.year and coalesce(fact.task_kind, 'task') = 'task' and (btrim(fact.excused_reason) <> '') is not true))::numeric as denominator_1,
        -- plan_issued@1
        count(*) filter (where fact.plan_kind = 'par' and fact.task_kind = 'plan' and fact.plan_year = unit.year) as spoken_2,
        (count(*) filter (where fact.plan_kind = 'par' and fact.task_kind = 'plan' and fact.plan_year = unit.year and fact.finished_on <= fact.due_on and fact.finished_on <= unit.cutoff_on))::numeric as numerator_2,
        null::numeric as denominator_2,
        -- programme_completion_rate@1
        count(*) filter (where fact.plan_kind = 'programme' and unit.year between fact.plan_year and coalesce(fact.programme_to_year, fact.plan_year) and (unit.period_kind <> 'programme' or (extract(year from unit.starts_on) = fact.plan_year and unit.year = fact.programme_to_year))) as spoken_3,
        (count(*) filter (where ((fact.plan_kind = 'programme' and unit.year between fact.plan_year and coalesce(fact.programme_to_year, fact.plan_year) and (unit.period_kind <> 'programme' or (extract(year from unit.starts_on) = fact.plan_year and unit.year = fact.programme_to_year))) and (btrim(fact.excused_reason) <> '') is not true) and fact.finished_on <= unit.cutoff_on))::numeric as numerator_3,
        (count(*) filter (where (fact.plan_kind = 'programme' and unit.year between fact.plan_year and coalesce(fact.programme_to_year, fact.plan_year) and (unit.period_kind <> 'programme' or (extract(year from unit.starts_on) = fact.plan_year and unit.year = fact.programme_to_year))) and (btrim(fact.excused_reason) <> '') is not true))::numeric as denominator_3,
        -- plan_task_complete_rate@1
        count(*) filter (where fact.plan_kind = 'par' and fact.plan_year = unit.year and coalesce(fact.task_kind, 'task') = 'task') as spoken_4,
        (count(*) filter (where fact.plan_kind = 'par' and fact.plan_year = unit.year and coalesce(fact.task_kind, 'task') = 'task' and btrim(fact.output) <> '' and fact.due_on is not null and btrim(fact.owner) <> '' and btrim(fact.resources) <> ''))::numeric as numerator_4,
        (count(*) filter (where fact.plan_kind = 'par' and fact.plan_year = unit.year and coalesce(fact.task_kind, 'task') = 'task'))::numeric as denominator_4,
        -- civil_service_plan_rate@1
        count(*) filter (where fact.plan_kind = 'civil_service' and unit.year between fact.plan_year and coalesce(fact.programme_to_year, fact.plan_year)) as spoken_5,
        (count(*) filter (where fact.plan_kind = 'civil_service' and unit.year between fact.plan_year and coalesce(fact.programme_to_year, fact.plan_year) and (btrim(fact.excused_reason) <> '') is not true and fact.finished_on <= unit.cutoff_on))::numeric as numerator_5,
        (count(*) filter (where fact.plan_kind = 'civil_service' and unit.year between fact.plan_year and coalesce(fact.programme_to_year, fact.plan_year) and (btrim(fact.excused_reason) <> '') is not true))::numeric as denominator_5,
        -- working_group_set_up@1
        count(*) filter (where fact.plan_kind = 'pilot' and fact.task_kind = 'working_group' and fact.plan_year <= unit.year) as spoken_6,
        (count(*) filter (where fact.plan_kind = 'pilot' and fact.task_kind = 'working_group' and fact.plan_year <= unit.year and fact.finished_on <= unit.cutoff_on))::numeric as numerator_6,
        null::numeric as denominator_6,
        -- pilot_plan_issued@1
        count(*) filter (where fact.plan_kind = 'pilot' and fact.task_kind = 'plan' and fact.plan_year <= unit.year) as spoken_7,
        (count(*) filter (where fact.plan_kind = 'pilot' and fact.task_kind = 'plan' and fact.plan_year <= unit.year and fact.finished_on <= unit.cutoff_on))::numeric as numerator_7,
        null::numeric as denominator_7
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('fct_plan_task') }} as fact on unit.agency_code = fact.agency_code
    where unit.period_kind in ('half', 'nine_months', 'programme', 'quarter', 'year')
    group by unit.agency_code, unit.period_code, by_programme
),

pass_2 as (
    select
        unit.agency_code,
        unit.period_code,
        -- lead_task_overdue_count@1
        count(*) filter (where fact.plan_year <= unit.year and coalesce(fact.task_kind, 'task') = 'task') as spoken_1,
        (count(*) filter (where fact.plan_year <= unit.year and coalesce(fact.task_kind, 'task') = 'task' and (btrim(fact.excused_reason) <> '') is not true and fact.due_on < unit.cutoff_on and (fact.finished_on <= unit.cutoff_on) is not true))::numeric as numerator_1,
        null::numeric as denominator_1
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('fct_plan_task') }} as fact on unit.agency_code = coalesce(fact.lead_code, fact.agency_code)
    where unit.period_kind in ('half', 'nine_months', 'quarter', 'year')
    group by unit.agency_code, unit.period_code
),

said as (
    select
        pass_1.agency_code,
        pass_1.period_code,
        said.measure,
        said.version,
        said.dim,
        said.spoken,
        said.numerator,
        said.denominator
    from pass_1
    cross join
        lateral (
            values
            ('plan_completion_rate', 1, '', pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('plan_issued', 1, '', pass_1.spoken_2, pass_1.numerator_2, pass_1.denominator_2),
            ('programme_completion_rate', 1, '', pass_1.spoken_3, pass_1.numerator_3, pass_1.denominator_3),
            ('programme_completion_rate', 1, 'programme=' || pass_1.by_programme, pass_1.spoken_3, pass_1.numerator_3, pass_1.denominator_3),
            ('plan_task_complete_rate', 1, '', pass_1.spoken_4, pass_1.numerator_4, pass_1.denominator_4),
            ('civil_service_plan_rate', 1, '', pass_1.spoken_5, pass_1.numerator_5, pass_1.denominator_5),
            ('working_group_set_up', 1, '', pass_1.spoken_6, pass_1.numerator_6, pass_1.denominator_6),
            ('pilot_plan_issued', 1, '', pass_1.spoken_7, pass_1.numerator_7, pass_1.denominator_7)
        ) as said (measure, version, dim, spoken, numerator, denominator)

    union all
    select
        pass_2.agency_code,
        pass_2.period_code,
        said.measure,
        said.version,
        said.dim,
        said.spoken,
        said.numerator,
        said.denominator
    from pass_2
    cross join
        lateral (
            values
            ('lead_task_overdue_count', 1, '', pass_2.spoken_1, pass_2.numerator_1, pass_2.denominator_1)
        ) as said (measure, version, dim, spoken, numerator, denominator)
)

select
    said.agency_code,
    said.period_code,
    said.measure,
    said.version,
    said.dim,
    case when said.measure in ('pilot_plan_issued', 'plan_issued', 'working_group_set_up') then least(sum(said.numerator), 1) else sum(said.numerator) end as numerator,
    case when said.measure in ('pilot_plan_issued', 'plan_issued', 'working_group_set_up') then least(sum(said.denominator), 1) else sum(said.denominator) end as denominator
from said
where said.dim is not null
group by said.agency_code, said.period_code, said.measure, said.version, said.dim
having sum(said.spoken) > 0 and (said.dim = '' or sum(said.numerator) <> 0 or sum(said.denominator) <> 0)

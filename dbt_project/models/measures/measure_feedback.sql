-- Made by `cchc measure sql` from plugins/cchc/measures/definitions/feedback.yaml: change that, not this.
-- noqa: disable=LT05
{{ config(materialized="ephemeral") }}

with pass_1 as (
    select
        unit.agency_code,
        unit.period_code,
        -- feedback_on_time_rate@1
        count(*) filter (where fact.kind = 'feedback' and fact.due_on + 1 between unit.starts_on and unit.cutoff_on) as spoken_1,
        (count(*) filter (where fact.kind = 'feedback' and fact.due_on + 1 between unit.starts_on and unit.cutoff_on and (fact.out_of_scope) is not true and (fact.answered_on <= fact.due_on or fact.forwarded_on <= fact.due_on)))::numeric as numerator_1,
        (count(*) filter (where fact.kind = 'feedback' and fact.due_on + 1 between unit.starts_on and unit.cutoff_on and (fact.out_of_scope) is not true))::numeric as denominator_1,
        -- complaint_on_time_rate@1
        count(*) filter (where fact.kind in ('complaint', 'denunciation') and fact.due_on + 1 between unit.starts_on and unit.cutoff_on) as spoken_2,
        (count(*) filter (where fact.kind in ('complaint', 'denunciation') and fact.due_on + 1 between unit.starts_on and unit.cutoff_on and (fact.out_of_scope) is not true and (fact.result = 'withdrawn') is not true and fact.answered_on <= fact.due_on))::numeric as numerator_2,
        (count(*) filter (where fact.kind in ('complaint', 'denunciation') and fact.due_on + 1 between unit.starts_on and unit.cutoff_on and (fact.out_of_scope) is not true and (fact.result = 'withdrawn') is not true))::numeric as denominator_2,
        -- feedback_satisfaction_rate@1
        count(*) filter (where fact.kind = 'feedback' and fact.answered_on between unit.starts_on and unit.cutoff_on) as spoken_3,
        (count(*) filter (where fact.kind = 'feedback' and fact.answered_on between unit.starts_on and unit.cutoff_on and (fact.rating is null) is not true and fact.rating in ('very_satisfied', 'satisfied')))::numeric as numerator_3,
        (count(*) filter (where fact.kind = 'feedback' and fact.answered_on between unit.starts_on and unit.cutoff_on and (fact.rating is null) is not true))::numeric as denominator_3
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('fct_feedback') }} as fact on unit.agency_code = fact.agency_code
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
            ('feedback_on_time_rate', 1, '', pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('complaint_on_time_rate', 1, '', pass_1.spoken_2, pass_1.numerator_2, pass_1.denominator_2),
            ('feedback_satisfaction_rate', 1, '', pass_1.spoken_3, pass_1.numerator_3, pass_1.denominator_3)
        ) as said (measure, version, dim, spoken, numerator, denominator)
)

select
    said.agency_code,
    said.period_code,
    said.measure,
    said.version,
    said.dim,
    sum(said.numerator) as numerator,
    sum(said.denominator) as denominator
from said
where said.dim is not null
group by said.agency_code, said.period_code, said.measure, said.version, said.dim
having sum(said.spoken) > 0 and (said.dim = '' or sum(said.numerator) <> 0 or sum(said.denominator) <> 0)

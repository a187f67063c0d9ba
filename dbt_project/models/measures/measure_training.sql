-- Made by `cchc measure sql` from plugins/cchc/measures/definitions/training.yaml: change that, not this.
-- noqa: disable=LT05
{{ config(materialized="ephemeral") }}

with pass_1 as (
    select
        unit.agency_code,
        unit.period_code,
        fact.topic as by_topic,
        -- training_class_count@1
        count(*) filter (where fact.closed_on between unit.starts_on and unit.cutoff_on) as spoken_1,
        (count(*) filter (where fact.closed_on between unit.starts_on and unit.cutoff_on and (fact.topic not in ('par', 'one_stop')) is not true))::numeric as numerator_1,
        null::numeric as denominator_1,
        -- training_learner_count@1
        count(*) filter (where fact.closed_on between unit.starts_on and unit.cutoff_on) as spoken_2,
        (sum(fact.learners) filter (where fact.closed_on between unit.starts_on and unit.cutoff_on and (fact.topic not in ('par', 'one_stop')) is not true))::numeric as numerator_2,
        null::numeric as denominator_2,
        -- training_plan_rate@1
        count(*) filter (where fact.planned_on between unit.starts_on and unit.cutoff_on) as spoken_3,
        (count(*) filter (where fact.planned_on between unit.starts_on and unit.cutoff_on and (fact.topic not in ('par', 'one_stop')) is not true and fact.closed_on <= unit.cutoff_on))::numeric as numerator_3,
        (count(*) filter (where fact.planned_on between unit.starts_on and unit.cutoff_on and (fact.topic not in ('par', 'one_stop')) is not true))::numeric as denominator_3
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('fct_training') }} as fact on unit.agency_code = fact.agency_code
    where unit.period_kind in ('half', 'nine_months', 'quarter', 'year')
    group by unit.agency_code, unit.period_code, by_topic
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
            ('training_class_count', 1, '', pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('training_class_count', 1, 'topic=' || pass_1.by_topic, pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('training_learner_count', 1, '', pass_1.spoken_2, pass_1.numerator_2, pass_1.denominator_2),
            ('training_learner_count', 1, 'topic=' || pass_1.by_topic, pass_1.spoken_2, pass_1.numerator_2, pass_1.denominator_2),
            ('training_plan_rate', 1, '', pass_1.spoken_3, pass_1.numerator_3, pass_1.denominator_3),
            ('training_plan_rate', 1, 'topic=' || pass_1.by_topic, pass_1.spoken_3, pass_1.numerator_3, pass_1.denominator_3)
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

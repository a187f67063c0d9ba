-- Made by `cchc measure sql` from plugins/cchc/measures/definitions/communication.yaml: change that, not this.
-- noqa: disable=LT05
{{ config(materialized="ephemeral") }}

with pass_1 as (
    select
        unit.agency_code,
        unit.period_code,
        fact.medium as by_medium,
        -- communication_item_count@1
        count(*) filter (where fact.published_on between unit.starts_on and unit.cutoff_on) as spoken_1,
        (sum(coalesce(fact.times, 1)) filter (where fact.published_on between unit.starts_on and unit.cutoff_on))::numeric as numerator_1,
        null::numeric as denominator_1,
        -- communication_plan_rate@1
        count(*) filter (where fact.planned_on between unit.starts_on and unit.cutoff_on) as spoken_2,
        (count(*) filter (where fact.planned_on between unit.starts_on and unit.cutoff_on and fact.published_on <= unit.cutoff_on))::numeric as numerator_2,
        (count(*) filter (where fact.planned_on between unit.starts_on and unit.cutoff_on))::numeric as denominator_2
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('fct_communication') }} as fact on unit.agency_code = fact.agency_code
    where unit.period_kind in ('half', 'nine_months', 'quarter', 'year')
    group by unit.agency_code, unit.period_code, by_medium
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
            ('communication_item_count', 1, '', pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('communication_item_count', 1, 'medium=' || pass_1.by_medium, pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('communication_plan_rate', 1, '', pass_1.spoken_2, pass_1.numerator_2, pass_1.denominator_2)
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

-- Made by `cchc measure sql` from plugins/cchc/measures/definitions/verification.yaml: change that, not this.
-- noqa: disable=LT05
{{ config(materialized="ephemeral") }}

with pass_1 as (
    select
        unit.agency_code,
        unit.period_code,
        -- points_verified@1
        count(*) filter (where fact.is_main and left(fact.period, 4) = unit.year::text) as spoken_1,
        (sum(fact.points) filter (where fact.is_main and left(fact.period, 4) = unit.year::text and (not fact.is_last) is not true and (fact.not_applicable) is not true and (fact.points is null) is not true))::numeric as numerator_1,
        null::numeric as denominator_1,
        -- points_final@1
        count(*) filter (where fact.is_main and left(fact.period, 4) = unit.year::text and fact.is_last and fact.outcome = 'final') as spoken_2,
        (sum(fact.points) filter (where fact.is_main and left(fact.period, 4) = unit.year::text and fact.is_last and fact.outcome = 'final' and (fact.not_applicable) is not true and (fact.points is null) is not true))::numeric as numerator_2,
        null::numeric as denominator_2
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('fct_verification') }} as fact on unit.agency_code = fact.agency_code
    where unit.period_kind in ('year')
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
            ('points_verified', 1, '', pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('points_final', 1, '', pass_1.spoken_2, pass_1.numerator_2, pass_1.denominator_2)
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

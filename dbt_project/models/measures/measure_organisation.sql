-- Made by `cchc measure sql` from plugins/cchc/measures/definitions/organisation.yaml: change that, not this.
-- noqa: disable=LT05
{{ config(materialized="view") }}

with pass_1 as (
    select
        unit.agency_code,
        unit.period_code,
        -- one_stop_body_count@1
        count(*) as spoken_1,
        (count(*) filter (where fact.one_stop_since <= unit.cutoff_on))::numeric as numerator_1,
        null::numeric as denominator_1,
        -- modern_one_stop_rate@1
        count(*) as spoken_2,
        (count(*) filter (where (fact.modern_one_stop_listed is not true) is not true and fact.modern_one_stop_live_on <= unit.cutoff_on))::numeric as numerator_2,
        (count(*) filter (where (fact.modern_one_stop_listed is not true) is not true))::numeric as denominator_2
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('fct_organisation') }} as fact on unit.agency_code = fact.agency_code
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
            ('one_stop_body_count', 1, '', pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('modern_one_stop_rate', 1, '', pass_1.spoken_2, pass_1.numerator_2, pass_1.denominator_2)
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

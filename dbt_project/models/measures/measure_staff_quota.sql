-- Made by `cchc measure sql` from plugins/cchc/measures/definitions/staff_quota.yaml: change that, not this.
-- noqa: disable=LT05
{{ config(materialized="ephemeral") }}

with pass_1 as (
    select
        unit.agency_code,
        unit.period_code,
        -- job_position_scheme_rate@1
        count(*) filter (where fact.period = unit.year::text) as spoken_1,
        (count(*) filter (where fact.period = unit.year::text and (fact.scheme_required is not true) is not true and fact.scheme_approved_on <= unit.cutoff_on))::numeric as numerator_1,
        (count(*) filter (where fact.period = unit.year::text and (fact.scheme_required is not true) is not true))::numeric as denominator_1
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('fct_staff_quota') }} as fact on unit.agency_code = fact.agency_code
    where unit.period_kind in ('half', 'year')
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
            ('job_position_scheme_rate', 1, '', pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1)
        ) as said (measure, version, dim, spoken, numerator, denominator)
)

select
    said.agency_code,
    said.period_code,
    said.measure,
    said.version,
    said.dim,
    case when said.measure in ('job_position_scheme_rate') then least(sum(said.numerator), 1) else sum(said.numerator) end as numerator,
    case when said.measure in ('job_position_scheme_rate') then least(sum(said.denominator), 1) else sum(said.denominator) end as denominator
from said
where said.dim is not null
group by said.agency_code, said.period_code, said.measure, said.version, said.dim
having sum(said.spoken) > 0 and (said.dim = '' or sum(said.numerator) <> 0 or sum(said.denominator) <> 0)

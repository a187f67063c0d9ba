{{ config(materialized="view") }}

-- The year's survey. A blank answer to the overall question is no answer: it is in neither side of the index.
with answered as (
    select
        unit.agency_code,
        unit.period_code,
        count(response.response_id) as responses,
        count(response.overall) as answers,
        count(*) filter (where response.overall in ('very_satisfied', 'satisfied')) as satisfied
    from {{ ref('unit_period') }} as unit
    left join {{ ref('fct_survey_response') }} as response
        on
            unit.agency_code = response.agency_code
            and response.answered_on between unit.starts_on and unit.cutoff_on
    where unit.period_kind = 'year'
    group by unit.agency_code, unit.period_code
)

select
    answered.agency_code,
    answered.period_code,
    measure.measure,
    measure.version,
    '' as dim,
    measure.numerator::numeric as numerator,
    measure.denominator::numeric as denominator
from answered
cross join lateral (
    values
    ('survey_done', 1, least(answered.responses, 1), 1),
    ('response_count', 1, answered.responses, null),
    ('satisfaction_index', 1, answered.satisfied, answered.answers)
) as measure (measure, version, numerator, denominator)

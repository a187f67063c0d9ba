{{ config(materialized="view") }}

-- People in post at the cut-off, all and by kind. The day a person leaves is no longer a day in post.
with by_kind as (
    select
        unit.agency_code,
        unit.period_code,
        staff.kind,
        count(*) as people
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('fct_staff') }} as staff
        on
            unit.agency_code = staff.agency_code
            and unit.cutoff_on >= staff.in_post_from
            and (staff.in_post_to is null or unit.cutoff_on < staff.in_post_to)
    where unit.period_kind in ('quarter', 'half', 'nine_months', 'year')
    group by unit.agency_code, unit.period_code, staff.kind
)

select
    agency_code,
    period_code,
    'headcount' as measure,
    1 as version,
    'kind=' || kind as dim,
    people::numeric as numerator,
    null::numeric as denominator
from by_kind
union all
select
    agency_code,
    period_code,
    'headcount' as measure,
    1 as version,
    '' as dim,
    sum(people) as numerator,
    null::numeric as denominator
from by_kind
group by agency_code, period_code

{{ config(alias="index_unit", meta={"distribute_by": "agency_code"}) }}

-- The index of each unit: points over the maximum that applies to it. Ranked inside its block; equal shares share a
-- rank. A forecast until the year has ended and every criterion is final; a quarter's always is.
with summed as (
    select
        agency_code,
        period_code,
        framework,
        version,
        block,
        trim_scale(sum(points)) as points,
        trim_scale(sum(points_applicable)) as points_applicable,
        trim_scale(sum(points) * 100 / nullif(sum(points_applicable), 0)) as percent,
        bool_or(is_open or period_kind = 'quarter' or stage <> 'final') as is_forecast
    from {{ ref('criterion_score') }}
    group by agency_code, period_code, framework, version, block
),

-- points end at 12 decimals, so three thirds miss one by the last of them: ties are found at 9
ranked as (
    select
        agency_code,
        period_code,
        framework,
        version,
        block,
        points,
        points_applicable,
        percent,
        is_forecast,
        case
            when percent is not null
                then
                    rank() over (
                        partition by period_code, framework, version, block
                        order by round(percent, 9) desc nulls last
                    )
        end as place
    from summed
),

graded as (
    select distinct on (ranked.agency_code, ranked.period_code, ranked.framework, ranked.version)
        ranked.agency_code,
        ranked.period_code,
        ranked.framework,
        ranked.version,
        grade.grade_vi
    from ranked
    inner join {{ source('reference', 'grade') }} as grade
        on
            grade.province = {{ province() }}
            and ranked.framework = grade.framework
            and ranked.version = grade.version
            and ranked.block = grade.block
            and ranked.percent >= grade.lower_bound
    order by
        ranked.agency_code asc, ranked.period_code asc, ranked.framework asc, ranked.version asc, grade.lower_bound desc
)

select
    ranked.agency_code,
    ranked.period_code,
    ranked.framework,
    ranked.version,
    ranked.block,
    ranked.points,
    ranked.points_applicable,
    ranked.percent,
    ranked.place::int as rank,
    graded.grade_vi,
    ranked.is_forecast
from ranked
left join graded
    on
        ranked.agency_code = graded.agency_code
        and ranked.period_code = graded.period_code
        and ranked.framework = graded.framework
        and ranked.version = graded.version

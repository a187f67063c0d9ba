{{ config(materialized="view") }}

-- The index as figures, of the set of criteria that the province goes by: score, rank, grade by its place from the top,
-- whether it may be built on, and what self-assessed points lie above those that measures give. Made after the index,
-- which is made of the units' figures; the mart of compliance reads both.
with main as (
    select max(value) as framework
    from {{ source('reference', 'setting') }}
    where
        province = {{ province() }}
        and name = 'framework'
),

scored as (
    select
        score.*,
        period.kind as period_kind
    from {{ ref('reporting_index_unit') }} as score
    inner join {{ ref('reporting_period') }} as period on score.period_code = period.period_code
    cross join main
    where score.framework = coalesce(main.framework, score.framework)
),

graded as (
    select
        scored.agency_code,
        scored.period_code,
        scored.is_forecast,
        count(*) as place
    from scored
    inner join {{ source('reference', 'grade') }} as own
        on
            own.province = {{ province() }}
            and scored.framework = own.framework
            and scored.version = own.version
            and scored.block = own.block
            and scored.grade_vi = own.grade_vi
    inner join {{ source('reference', 'grade') }} as better
        on
            own.province = better.province
            and own.framework = better.framework
            and own.version = better.version
            and own.block = better.block
            and own.lower_bound <= better.lower_bound
    group by scored.agency_code, scored.period_code, scored.is_forecast
),

gap as (
    select
        measured.agency_code,
        measured.period_code,
        sum(own.points - measured.points) as points
    from {{ ref('criterion_score') }} as measured
    inner join {{ ref('fct_self_assessment') }} as own
        on
            measured.agency_code = own.agency_code
            and measured.period_code = own.period
            and measured.framework = own.framework
            and measured.code = own.criterion
    where
        own.is_main
        and own.not_applicable is not true
        and own.points is not null
        and measured.points is not null
    group by measured.agency_code, measured.period_code
    union all
    -- the province itself is held against what the centre announced of it, criterion by criterion
    select
        own.agency_code,
        own.period as period_code,
        sum(own.points - announced.points) as points
    from {{ ref('fct_self_assessment') }} as own
    inner join {{ ref('fct_national_index') }} as announced
        on
            own.agency_code = announced.agency_code
            and own.period = announced.period
            and own.framework = announced.index_code
            and own.criterion = announced.criterion
    where
        announced.is_own
        and own.not_applicable is not true
        and own.points is not null
        and announced.points is not null
    group by own.agency_code, own.period
),

desk as (
    select
        agency_code,
        period_code,
        (count(*) filter (where denominator > 0) = 2)::int as has_result
    from {{ ref('measure_unit') }}
    where
        measure in ('on_time_rate', 'one_stop_regulation_rate')
        and dim = ''
    group by agency_code, period_code
),

told as (
    select
        agency_code,
        period_code,
        'index_score' as measure,
        points as numerator,
        points_applicable as denominator,
        is_forecast as is_provisional
    from scored
    where points is not null
    union all
    select
        agency_code,
        period_code,
        'rank' as measure,
        rank as numerator,
        null as denominator,
        is_forecast as is_provisional
    from scored
    where rank is not null
    union all
    select
        agency_code,
        period_code,
        'grade' as measure,
        place as numerator,
        null as denominator,
        is_forecast as is_provisional
    from graded
    union all
    select
        agency_code,
        period_code,
        'agency_grade' as measure,
        (grade_vi is not null and not is_forecast)::int as numerator,
        1 as denominator,
        false as is_provisional
    from scored
    where period_kind = 'year'
    union all
    select
        agency_code,
        period_code,
        'score_gap' as measure,
        points as numerator,
        null as denominator,
        false as is_provisional
    from gap
    union all
    select
        unit.agency_code,
        unit.period_code,
        'one_stop_result' as measure,
        coalesce(desk.has_result, 0) as numerator,
        1 as denominator,
        false as is_provisional
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('fct_organisation') }} as organisation on unit.agency_code = organisation.agency_code
    left join desk
        on
            unit.agency_code = desk.agency_code
            and unit.period_code = desk.period_code
    where
        unit.period_kind = 'year'
        and organisation.one_stop_since <= unit.cutoff_on
)

select
    agency_code,
    period_code,
    measure,
    1 as version,
    '' as dim,
    trim_scale(numerator::numeric) as numerator,
    trim_scale(denominator::numeric) as denominator,
    is_provisional
from told

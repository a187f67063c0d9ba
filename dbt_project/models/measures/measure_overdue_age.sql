{{ config(meta={"distribute_by": "agency_code"}) }}

-- Working days past due of the overdue dossiers at a cut-off: median and maximum, from a histogram of ages. No row when
-- none are overdue. Medians do not add up, so the province's own are made here too, from the sum of the histograms.
with age as (
    select
        overdue.agency_code,
        'channel=' || overdue.channel as dim,
        overdue.cutoff_on,
        cutoff_day.working_number - due_day.working_number as days,
        sum(overdue.overdue) as dossiers
    from {{ ref('agg_dossier_overdue') }} as overdue
    inner join {{ source('reference', 'calendar_day') }} as due_day
        on
            overdue.due_on = due_day.day
            and due_day.province = {{ province() }}
    inner join {{ source('reference', 'calendar_day') }} as cutoff_day
        on
            overdue.cutoff_on = cutoff_day.day
            and cutoff_day.province = {{ province() }}
    group by
        overdue.agency_code, overdue.channel, overdue.cutoff_on, cutoff_day.working_number - due_day.working_number
),

by_dim as (
    select * from age
    union all
    select
        agency_code,
        '' as dim,
        cutoff_on,
        days,
        sum(dossiers) as dossiers
    from age
    group by agency_code, cutoff_on, days
),

-- every unit but the province speaks for itself; under the province stands the sum of all, whole and by level
scoped as (
    select by_dim.*
    from by_dim
    inner join {{ ref('stg_unit') }} as unit on by_dim.agency_code = unit.agency_code
    where unit.kind <> 'province'
    union all
    select
        province.agency_code,
        {{ dim_with_level("by_dim.dim", "level.level") }} as dim,
        by_dim.cutoff_on,
        by_dim.days,
        sum(by_dim.dossiers) as dossiers
    from by_dim
    inner join {{ ref('stg_unit') }} as unit on by_dim.agency_code = unit.agency_code
    inner join {{ ref('stg_unit') }} as province on province.kind = 'province'
    cross join lateral (values (''), (unit.level)) as level (level)
    group by province.agency_code, {{ dim_with_level("by_dim.dim", "level.level") }}, by_dim.cutoff_on, by_dim.days
),

ranked as (
    select
        agency_code,
        dim,
        cutoff_on,
        days,
        sum(dossiers) over (partition by agency_code, dim, cutoff_on order by days) as up_to_here,
        sum(dossiers) over (partition by agency_code, dim, cutoff_on) as dossiers
    from scoped
),

-- the middle one of an odd number, the mean of the middle two of an even one
summed as (
    select
        agency_code,
        dim,
        cutoff_on,
        trim_scale((
            min(days) filter (where up_to_here >= div(dossiers + 1, 2))
            + min(days) filter (where up_to_here >= div(dossiers + 2, 2))
        )::numeric / 2) as median_age,
        max(days)::numeric as max_age
    from ranked
    group by agency_code, dim, cutoff_on
)

select
    summed.agency_code,
    period.period_code,
    measure.measure,
    measure.version,
    summed.dim,
    measure.numerator,
    null::numeric as denominator
from summed
inner join {{ ref('reporting_period') }} as period on summed.cutoff_on = period.cutoff_on
cross join lateral (
    values
    ('overdue_age_median', 1, summed.median_age),
    ('overdue_age_max', 1, summed.max_age)
) as measure (measure, version, numerator)

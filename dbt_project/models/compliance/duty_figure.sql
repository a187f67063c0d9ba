-- Each duty with the figure that judges it, by the measure's version in force at the period's end, the same version's
-- value of the same period a year before, and its target: the one a plan gives the unit, else the calendar's share of
-- the programme's time, else the duty's own.
with version as (
    {{ measures_in_force() }}
),

a_year_before as (
    select
        period_code,
        (left(period_code, 4)::int - 1) || substr(period_code, 5) as earlier_code
    from {{ ref('reporting_period') }}
    where kind <> 'programme'
),

course as (
    select distinct on (period.period_code)
        period.period_code,
        (period.cutoff_on - programme.starts_on + 1) / (programme.ends_on - programme.starts_on + 1)::numeric as passed
    from {{ ref('reporting_period') }} as period
    inner join {{ ref('reporting_period') }} as programme
        on
            programme.kind = 'programme'
            and period.cutoff_on between programme.starts_on and programme.ends_on
    order by
        period.period_code, period.period_code <> programme.period_code, programme.ends_on - programme.starts_on
),

figure as (
    select
        agency_code,
        period_code,
        measure,
        version,
        numerator,
        denominator,
        value,
        status
    from {{ ref('reporting_measure') }}
    where
        dim = ''
        and measure in (select distinct duty.measure from {{ ref('unit_obligation') }} as duty)
)

select
    duty.agency_code,
    duty.period_code,
    duty.period_kind,
    duty.starts_on,
    duty.ends_on,
    duty.cutoff_on,
    duty.is_open,
    duty.obligation,
    duty.directive,
    duty.clause,
    duty.clause_rank,
    duty.measure,
    version.kind as measure_kind,
    version.feeds,
    duty.target_kind,
    duty.target_rule,
    duty.direction,
    duty.falls_due,
    duty.is_in_force,
    {{ figure("duty.measure", "coalesce(version.version, 1)", "duty.agency_code", "duty.period_code", "''") }}
        as figure,
    figure.numerator,
    figure.denominator,
    figure.value,
    coalesce(figure.status, 'M') as figure_status,
    earlier.value as previous_value,
    coalesce(
        own.target,
        every.target,
        case when duty.target_rule = 'programme_time' then trim_scale(course.passed) end,
        duty.target
    ) as target
from {{ ref('unit_obligation') }} as duty
left join version on duty.measure = version.measure and duty.period_code = version.period_code
left join figure
    on
        duty.agency_code = figure.agency_code
        and duty.period_code = figure.period_code
        and version.measure = figure.measure
        and version.version = figure.version
left join a_year_before on duty.period_code = a_year_before.period_code
left join figure as earlier
    on
        duty.agency_code = earlier.agency_code
        and a_year_before.earlier_code = earlier.period_code
        and version.measure = earlier.measure
        and version.version = earlier.version
left join course on duty.period_code = course.period_code
left join {{ source('reference', 'obligation_target') }} as own
    on
        duty.agency_code = own.agency_code
        and own.province = {{ province() }}
        and duty.obligation = own.obligation
        and duty.directive = own.directive
        and duty.measure = own.measure
        and duty.period_code = own.period_code
left join {{ source('reference', 'obligation_target') }} as every
    on
        every.agency_code is null
        and every.province = {{ province() }}
        and duty.obligation = every.obligation
        and duty.directive = every.directive
        and duty.measure = every.measure
        and duty.period_code = every.period_code

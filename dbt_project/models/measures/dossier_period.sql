{{ config(meta={"distribute_by": "agency_code"}) }}
{%- set day_minutes = working_minutes(working_sessions()) %}

-- Counts of dossiers per agency, period and channel ('' = all): flows in the period, stocks at its start and cut-off.
-- The running sum up to a period's cut-off less the one up to the day before its start is the period's flow.
with bound as (
    select starts_on - 1 as day from {{ ref('reporting_period') }}
    union all
    select cutoff_on as day from {{ ref('reporting_period') }}
),

mark as (
    select array_agg(distinct day order by day) as days
    from bound
),

-- what is known by stretch only: pauses; of the resolved, used and statutory working time in minutes, and how many have
-- none
course as (
    select
        course.agency_code,
        event.day,
        course.channel,
        sum(course.dossiers) filter (where event.kind = 'paused') as paused,
        sum(course.dossiers) filter (where event.kind = 'resumed') as resumed,
        sum(course.worked_minutes) filter (
            where event.kind = 'closed' and course.statutory_days is not null
        ) as worked_minutes,
        sum(course.worked * course.statutory_days * {{ day_minutes }}) filter (
            where event.kind = 'closed'
        ) as statutory_minutes,
        sum(
            course.early + course.on_time + course.late + course.no_due
            - case when course.statutory_days is null then 0 else course.worked end
        ) filter (where event.kind = 'closed') as untimed
    from {{ ref('dossier_course') }} as course
    cross join
        lateral (
            values ('closed', course.closed_by), ('paused', course.paused_by), ('resumed', course.resumed_by)
        ) as event (kind, day)
    where event.day is not null
    group by course.agency_code, event.day, course.channel
),

-- what comes after the as-of on its own day is taken back
counted as (
    select
        agency_code,
        day,
        channel,
        {{ each(dossier_flows(), "#") }}
    from {{ ref('agg_dossier_day') }}
    where day <= {{ as_of_day() }}
    union all
    select
        agency_code,
        day,
        channel,
        {{ each(dossier_flows(), "-#") }}
    from ({{ dossier_day_counts(ref('dossier_later'), later=true) }}) as later
),

flow as (
    select
        counted.agency_code,
        counted.day,
        counted.channel,
        {{ each(dossier_flows(), "counted.#") }},
        {{ each(course_flows(), "0") }}
    from counted
    union all
    select
        course.agency_code,
        course.day,
        course.channel,
        {{ each(dossier_flows(), "0") }},
        {{ each(course_flows(), "course.#") }}
    from course
),

stretch as (
    select
        flow.agency_code,
        flow.channel,
        width_bucket(flow.day - 1, mark.days) + 1 as number, -- the first mark not before the day
        {{ each(dossier_flows() + course_flows(), "sum(flow.#)") }}
    from flow
    cross join mark
    group by flow.agency_code, flow.channel, width_bucket(flow.day - 1, mark.days) + 1
),

channel as (
    select distinct
        agency_code,
        channel
    from stretch
),

grid as (
    select
        channel.agency_code,
        channel.channel,
        number
    from channel
    cross join mark
    cross join generate_series(1, cardinality(mark.days)) as number
),

running as (
    select
        agency_code,
        channel,
        mark.days[number] as day,
        {{ each(dossier_flows() + course_flows(), "sum(coalesce(#, 0)) over up_to_here") }}
    from grid
    left join stretch using (agency_code, channel, number)
    cross join mark
    window up_to_here as (partition by agency_code, channel order by number)
),

apology as (
    select
        apology.agency_code,
        apology.channel,
        period.period_code,
        sum(apology.apologised_later) as apologised_later
    from {{ ref('agg_dossier_apology') }} as apology
    inner join {{ ref('reporting_period') }} as period
        on
            apology.closed_on between period.starts_on and period.cutoff_on
            and apology.apology_on <= period.cutoff_on
    group by apology.agency_code, apology.channel, period.period_code
),

-- received in the period and resolved in time by its cut-off
pair as (
    select
        agency_code,
        channel,
        received_by,
        closed_by,
        sum(early + on_time) as in_time
    from {{ ref('dossier_course') }}
    where closed_by is not null
    group by agency_code, channel, received_by, closed_by
),

received_day as (
    select distinct received_by as day
    from pair
),

held as (
    select
        period.period_code,
        period.cutoff_on,
        received_day.day
    from {{ ref('reporting_period') }} as period
    inner join received_day on received_day.day between period.starts_on and period.cutoff_on
    where period.kind <> 'day'
),

in_time as (
    select
        pair.agency_code,
        pair.channel,
        held.period_code,
        sum(pair.in_time) as received_in_time
    from pair
    inner join held
        on
            pair.received_by = held.day
            and pair.closed_by <= held.cutoff_on
    group by pair.agency_code, pair.channel, held.period_code
),

by_channel as (
    select
        finish.agency_code,
        period.period_code,
        finish.channel,
        {{ each(dossier_flows() + course_flows(), "finish.# - start.#") }},
        case when finish.channel = 'online' then finish.received - start.received else 0 end as received_online,
        start.received - start.closed as carried_over,
        finish.received - finish.closed as pending,
        start.received_due - start.closed_due as carried_over_due,
        finish.fell_overdue - finish.closed_overdue as overdue,
        coalesce(apology.apologised_later, 0) as apologised_later,
        finish.paused - finish.resumed as pending_paused,
        coalesce(in_time.received_in_time, 0) as received_in_time
    from {{ ref('reporting_period') }} as period
    inner join running as finish on period.cutoff_on = finish.day
    inner join running as start
        on
            finish.agency_code = start.agency_code
            and finish.channel = start.channel
            and start.day = period.starts_on - 1
    left join apology
        on
            finish.agency_code = apology.agency_code
            and finish.channel = apology.channel
            and period.period_code = apology.period_code
    left join in_time
        on
            finish.agency_code = in_time.agency_code
            and finish.channel = in_time.channel
            and period.period_code = in_time.period_code
)

select
    agency_code,
    period_code,
    channel,
    {{ each(dossier_flows() + course_flows() + dossier_stocks(), "#") }}
from by_channel
union all
select
    agency_code,
    period_code,
    '' as channel,
    {{ each(dossier_flows() + course_flows() + dossier_stocks(), "sum(#)") }}
from by_channel
group by agency_code, period_code

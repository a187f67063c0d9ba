{{ config(meta={"distribute_by": "agency_code"}) }}

-- Flows and stocks of dossiers per agency, period and procedure sector, as form II.06a asks for them ('' = sector not
-- known).
with mark as (
    select array_agg(distinct bound.day order by bound.day) as days
    from {{ ref('reporting_period') }} as period
    cross join lateral (values (period.starts_on - 1), (period.cutoff_on)) as bound (day)
    where period.kind <> 'day'
),

-- each course as the events it consists of, each by the first mark not before its day
flow as (
    select
        course.agency_code,
        course.sector,
        width_bucket(event.day - 1, mark.days) + 1 as number,
        sum(course.dossiers) filter (where event.kind = 'received' and course.channel = 'online') as received_online,
        sum(course.dossiers) filter (
            where event.kind = 'received' and course.channel <> 'online'
        ) as received_otherwise,
        sum(course.dossiers) filter (where event.kind = 'closed') as closed,
        sum(course.early) filter (where event.kind = 'closed') as early,
        sum(course.on_time) filter (where event.kind = 'closed') as on_time,
        sum(course.late) filter (where event.kind = 'closed') as late,
        sum(course.no_due) filter (where event.kind = 'closed') as no_due,
        sum(course.returned) filter (where event.kind = 'closed') as returned,
        sum(course.stopped) filter (where event.kind = 'closed') as stopped,
        sum(course.dossiers) filter (where event.kind = 'overdue') as fell_overdue,
        sum(course.dossiers) filter (where event.kind = 'closed' and course.overdue_by is not null) as closed_overdue,
        sum(course.dossiers) filter (where event.kind = 'paused') as paused,
        sum(course.dossiers) filter (where event.kind = 'resumed') as resumed,
        sum(course.dossiers) filter (where event.kind = 'paused' and course.is_paused_in_time) as paused_in_time,
        sum(course.dossiers) filter (where event.kind = 'resumed' and course.is_paused_in_time) as resumed_in_time
    from {{ ref('dossier_course') }} as course
    cross join mark
    cross join
        lateral (
            values
            ('received', course.received_by),
            ('closed', course.closed_by),
            ('overdue', course.overdue_by),
            ('paused', course.paused_by),
            ('resumed', course.resumed_by)
        ) as event (kind, day)
    where event.day is not null
    group by course.agency_code, course.sector, width_bucket(event.day - 1, mark.days) + 1
),

sector as (
    select distinct
        agency_code,
        sector
    from flow
),

grid as (
    select
        sector.agency_code,
        sector.sector,
        number
    from sector
    cross join mark
    cross join generate_series(1, cardinality(mark.days)) as number
),

running as (
    select
        agency_code,
        sector,
        mark.days[number] as day,
        {{ each(sector_flows(), "sum(coalesce(#, 0)) over up_to_here") }}
    from grid
    left join flow using (agency_code, sector, number)
    cross join mark
    window up_to_here as (partition by agency_code, sector order by number)
)

select
    finish.agency_code,
    period.period_code,
    finish.sector,
    {{ each(sector_flows(), "finish.# - start.#") }},
    start.received_online + start.received_otherwise - start.closed as carried_over,
    start.paused_in_time - start.resumed_in_time as carried_over_paused,
    finish.received_online + finish.received_otherwise - finish.closed as pending,
    finish.fell_overdue - finish.closed_overdue as overdue,
    finish.paused - finish.resumed as pending_paused,
    finish.paused_in_time - finish.resumed_in_time as pending_paused_in_time
from {{ ref('reporting_period') }} as period
inner join running as finish on period.cutoff_on = finish.day
inner join running as start
    on
        finish.agency_code = start.agency_code
        and finish.sector = start.sector
        and start.day = period.starts_on - 1
where period.kind <> 'day'

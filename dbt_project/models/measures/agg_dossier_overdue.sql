{{ config(meta={"distribute_by": "agency_code"}, pre_hook="{{ hurry_sorts() }}") }}

-- The stock of overdue dossiers at every cut-off, by the day they were due: additive over channels and units.
-- Cut-offs are numbered, so that the spell from overdue to closed is a range of numbers, not a join per day.
with cutoff as (
    select array_agg(distinct cutoff_on order by cutoff_on) as days
    from {{ ref('reporting_period') }}
),

-- what comes after the as-of on its own day: those spells are taken back, and begin or go on as they stand at the as-of
later as (
    select
        agency_code,
        channel,
        due_on,
        overdue_on,
        coalesce(closed_on, 'infinity') as closed_on,
        case when closed_at <= {{ as_of() }} then closed_on else 'infinity' end as closed_by_then,
        due_by < {{ as_of() }} and received_at <= {{ as_of() }} as is_overdue
    from {{ ref('dossier_later') }}
    where overdue_on is not null
),

spell as (
    select
        agency_code,
        channel,
        due_on,
        overdue_on,
        closed_on,
        dossiers
    from {{ ref('agg_dossier_late') }}
    where overdue_on <= {{ as_of_day() }}
    union all
    select
        agency_code,
        channel,
        due_on,
        overdue_on,
        closed_on,
        -1 as dossiers
    from later
    union all
    select
        agency_code,
        channel,
        due_on,
        overdue_on,
        closed_by_then as closed_on,
        1 as dossiers
    from later
    where is_overdue
),

-- the first cut-off not before the spell's start, the last one before its end; the days as a subselect, which parallel
-- workers can see and a join to a common table would keep them from
covered as (
    select
        agency_code,
        channel,
        due_on,
        width_bucket(overdue_on - 1, (select cutoff.days from cutoff)) + 1 as first_cutoff,
        width_bucket(closed_on - 1, (select cutoff.days from cutoff)) as last_cutoff,
        dossiers
    from spell
),

counted as (
    select
        agency_code,
        channel,
        due_on,
        first_cutoff,
        last_cutoff,
        sum(dossiers) as overdue
    from covered
    where first_cutoff <= last_cutoff
    group by agency_code, channel, due_on, first_cutoff, last_cutoff
)

select
    counted.agency_code,
    counted.channel,
    cutoff.days[number] as cutoff_on,
    counted.due_on,
    sum(counted.overdue)::bigint as overdue
from counted
cross join cutoff
cross join generate_series(counted.first_cutoff, counted.last_cutoff) as number
group by counted.agency_code, counted.channel, cutoff.days[number], counted.due_on
having sum(counted.overdue) <> 0

{{ config(meta={"distribute_by": "agency_code"}, pre_hook="{{ hurry_sorts() }}") }}

-- The stock of overdue dossiers at every cut-off, by the day they were due: additive over channels and units.
-- Cut-offs are numbered, so that the spell from overdue to closed is a range of numbers, not a join per day.
with cutoff as (
    select array_agg(distinct cutoff_on order by cutoff_on) as days
    from {{ ref('reporting_period') }}
),

spell as (
    select
        agency_code,
        channel,
        due_on,
        greatest(due_by + interval '1 microsecond', received_at)::date as overdue_on,
        case when closed_at <= {{ as_of() }} then closed_on end as closed_on
    from {{ ref('fct_dossier') }}
    where
        due_by < {{ as_of() }}
        and received_at <= {{ as_of() }}
        and (closed_at is null or closed_at > due_by)
),

-- the first cut-off not before the spell's start, the last one before its end; the days as a subselect, which parallel
-- workers can see and a join to a common table would keep them from
covered as (
    select
        agency_code,
        channel,
        due_on,
        width_bucket(overdue_on - 1, (select cutoff.days from cutoff)) + 1 as first_cutoff,
        case
            when closed_on is null then cardinality((select cutoff.days from cutoff))
            else width_bucket(closed_on - 1, (select cutoff.days from cutoff))
        end as last_cutoff
    from spell
),

counted as (
    select
        agency_code,
        channel,
        due_on,
        first_cutoff,
        last_cutoff,
        count(*) as overdue
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

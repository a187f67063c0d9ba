{{ config(meta={"distribute_by": "agency_code"}, pre_hook="{{ hurry_sorts() }}") }}

-- The stock of overdue dossiers at every cut-off, by the day they were due: additive over channels and units. Cut-offs
-- are numbered, so that the spell from overdue to closed is a range of numbers, not a join per day.
with stretch as (
    {{ stretch_ends() }}
),

cutoff as (
    select array_agg(distinct cutoff_on order by cutoff_on) as days
    from {{ ref('reporting_period') }}
    where kind <> 'day'
),

single_day as (
    select array_agg(distinct period.cutoff_on order by period.cutoff_on) as days
    from {{ ref('reporting_period') }} as period
    cross join cutoff
    where period.cutoff_on <> all(coalesce(cutoff.days, '{}'))
),

-- what comes after the as-of on its own day is taken back
counted as (
    select
        agency_code,
        channel,
        due_on,
        overdue_by,
        closed_by,
        dossiers
    from {{ ref('agg_dossier_late') }}
    union all
    {%- set taken_back = "(select *, -1 as sign from " ~ ref('dossier_later') ~ ") as later" %}
    select * from ({{ dossier_late_spells(taken_back, signed=true) }}) as later
),

-- and stands as it did at the as-of
spell as (
    select * from counted
    union all
    select * from ({{ dossier_late_spells(ref('dossier_later'), by_then=true) }}) as by_then
),

-- stretches do not tell single days: those are the window's, so what ended within it is read itself, and what is open
-- keeps its day
recent as (
    select
        agency_code,
        channel,
        due_on,
        overdue_by as overdue_on,
        closed_by as closed_on,
        dossiers
    from counted
    where closed_by = 'infinity'
    union all
    select
        agency_code,
        channel,
        due_on,
        overdue_on,
        case when closed_at <= {{ as_of() }} then closed_on else 'infinity' end as closed_on,
        1 as dossiers
    from {{ ref('fct_dossier') }}
    where
        (select single_day.days from single_day) is not null -- a calendar without single days reads nothing
        and closed_on > {{ as_of_day() }} - {{ var("day_window") | int }}
        and overdue_on is not null
        and due_by < {{ as_of() }}
        and received_at <= {{ as_of() }}
),

-- the first cut-off not before the spell's start, the last one before its end; what has ended had ended by the as-of
covered as (
    select
        spell.agency_code,
        spell.channel,
        spell.due_on,
        width_bucket(spell.overdue_by - 1, cutoff.days) + 1 as first_cutoff,
        width_bucket(
            case
                when spell.closed_by < 'infinity' then least(spell.closed_by, {{ as_of_day() }})
                else spell.closed_by
            end - 1,
            cutoff.days
        ) as last_cutoff,
        spell.dossiers,
        cutoff.days
    from spell
    cross join cutoff
    union all
    select
        recent.agency_code,
        recent.channel,
        recent.due_on,
        width_bucket(recent.overdue_on - 1, single_day.days) + 1 as first_cutoff,
        width_bucket(recent.closed_on - 1, single_day.days) as last_cutoff,
        recent.dossiers,
        single_day.days
    from recent
    cross join single_day
)

select
    covered.agency_code,
    covered.channel,
    covered.days[number] as cutoff_on,
    covered.due_on,
    sum(covered.dossiers)::bigint as overdue
from covered
cross join generate_series(covered.first_cutoff, covered.last_cutoff) as number
group by covered.agency_code, covered.channel, covered.days[number], covered.due_on
having sum(covered.dossiers) <> 0

-- The stock that the day counts add up to is the number of dossiers that are open at the as-of.
with fact as (
    select
        agency_code,
        count(*) as pending,
        count(*) filter (where due_by < {{ as_of() }} and not is_held) as overdue
    from {{ ref('fct_dossier') }}
    where
        (closed_on is null or closed_on >= {{ as_of_day() }}) -- found by block range
        and received_at <= {{ as_of() }}
        and (closed_at is null or closed_at > {{ as_of() }})
    group by agency_code
)

select
    counted.agency_code,
    counted.period_code
from {{ ref('dossier_period') }} as counted
inner join {{ ref('reporting_period') }} as period on counted.period_code = period.period_code
left join fact on counted.agency_code = fact.agency_code
where
    counted.channel = ''
    and period.cutoff_on = {{ as_of_day() }}
    and (counted.pending, counted.overdue) <> (coalesce(fact.pending, 0), coalesce(fact.overdue, 0))

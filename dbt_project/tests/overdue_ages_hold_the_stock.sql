-- The overdue dossiers that the ages are taken of, by the calendar's stretches and the last days' own rows, are as many
-- as the counts by day leave.
with aged as (
    select
        agency_code,
        cutoff_on,
        sum(overdue) as overdue
    from {{ ref('agg_dossier_overdue') }}
    group by agency_code, cutoff_on
)

select
    counted.agency_code,
    counted.period_code
from {{ ref('dossier_period') }} as counted
inner join {{ ref('reporting_period') }} as period on counted.period_code = period.period_code
left join aged
    on
        counted.agency_code = aged.agency_code
        and period.cutoff_on = aged.cutoff_on
where
    counted.channel = ''
    and counted.overdue <> coalesce(aged.overdue, 0)

-- Received + carried over = resolved + pending + returned + stopped, for every unit, period and channel.
select
    period_code,
    count(*) as balances,
    count(*) filter (
        where received + carried <> resolved + pending + returned + stopped
    ) as out_of_balance
from (
    select
        agency_code,
        period_code,
        dim,
        sum(value) filter (where measure = 'received_count') as received,
        sum(value) filter (where measure = 'carried_over_count') as carried,
        sum(value) filter (where measure = 'resolved_count') as resolved,
        sum(value) filter (where measure = 'pending_count') as pending,
        sum(value) filter (where measure = 'returned_count') as returned,
        sum(value) filter (where measure = 'stopped_count') as stopped
    from {schema}_reporting.measure
    where measure in ('received_count', 'carried_over_count', 'resolved_count', 'pending_count', 'returned_count', 'stopped_count')
        and status <> 'M'
    group by agency_code, period_code, dim
) as states
group by period_code
order by period_code

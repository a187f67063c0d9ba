-- What is carried over is what was pending when the period before ended, for every unit, period and channel, and no
-- stock is negative. That the states add up is the gate's suite mart_balance. The province is the sum of its units:
-- what one had pending when it ended comes back as its successors tell it.
with province as (
    select agency_code
    from {{ ref('stg_unit') }}
    where kind = 'province'
),

figure as (
    select
        agency_code,
        period_code,
        dim,
        coalesce(sum(numerator) filter (where measure = 'carried_over_count'), 0) as carried_over,
        coalesce(sum(numerator) filter (where measure = 'pending_count'), 0) as pending
    from {{ ref('reporting_measure') }}
    where measure in ('carried_over_count', 'pending_count')
    group by agency_code, period_code, dim
)

select
    figure.agency_code,
    figure.period_code,
    figure.dim
from figure
where figure.carried_over < 0 or figure.pending < 0
union all
select
    figure.agency_code,
    figure.period_code,
    figure.dim
from figure
inner join {{ ref('reporting_period') }} as period on figure.period_code = period.period_code
inner join {{ ref('reporting_period') }} as earlier
    on
        period.kind = earlier.kind
        and period.starts_on = earlier.ends_on + 1
inner join figure as before
    on
        earlier.period_code = before.period_code
        and figure.agency_code = before.agency_code
        and figure.dim = before.dim
where
    figure.carried_over <> before.pending
    and figure.agency_code not in (select province.agency_code from province)

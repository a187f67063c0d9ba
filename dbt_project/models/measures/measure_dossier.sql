{{ config(materialized="view") }}

-- The dossier measures per agency, period and channel, as numerator and denominator (seeds/measure.csv says what of).
with counted as (
    select
        *,
        early + on_time + late as judged,
        received_due + carried_over_due as handled
    from {{ ref('dossier_period') }}
)

select
    counted.agency_code,
    counted.period_code,
    measure.measure,
    measure.version,
    case when counted.channel = '' then '' else 'channel=' || counted.channel end as dim,
    measure.numerator,
    measure.denominator
from counted
cross join lateral (
    values
    ('on_time_rate', 1, early + on_time, judged),
    ('early_rate', 1, early, judged),
    ('on_time_of_due', 1, due_met, due),
    ('on_time_of_handled', 1, handled - late - overdue, handled),
    ('no_due_date_count', 1, no_due, null),
    ('received_count', 1, received, null),
    ('carried_over_count', 1, carried_over, null),
    ('resolved_count', 1, judged + no_due, null),
    ('pending_count', 1, pending, null),
    ('returned_count', 1, returned, null),
    ('stopped_count', 1, stopped, null),
    ('apology_rate', 1, apologised + apologised_later, faulty),
    ('fee_correct_rate', 1, fee_correct, fee_known),
    ('fee_difference', 1, fee_difference, null),
    ('overdue_pending_count', 1, overdue, null)
) as measure (measure, version, numerator, denominator)
where counted.channel = '' or measure.numerator <> 0 or measure.denominator <> 0

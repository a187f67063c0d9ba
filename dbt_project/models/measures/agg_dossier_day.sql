{{ config(meta={"distribute_by": "agency_code"}, pre_hook="{{ hurry_sorts() }}") }}

-- Additive counts per agency, local day and channel: what was received, what ended and what fell due on that day.
-- A stock at any cut-off is a sum of these up to it. What happens after the as-of is not there yet.
with received as (
    select
        agency_code,
        received_on as day,
        channel,
        count(*) as received,
        count(due_by) as received_due
    from {{ ref('fct_dossier') }}
    where received_at <= {{ as_of() }}
    group by agency_code, received_on, channel
),

closed as (
    select
        agency_code,
        closed_on as day,
        channel,
        count(*) filter (where timing = 'early') as early,
        count(*) filter (where timing = 'on_time') as on_time,
        count(*) filter (where timing = 'late') as late,
        count(*) filter (where state = 'resolved' and due_by is null) as no_due,
        count(*) filter (where state = 'returned') as returned,
        count(*) filter (where state = 'stopped') as stopped,
        count(*) as closed,
        count(due_by) as closed_due,
        count(*) filter (where is_faulty) as faulty,
        count(*) filter (where is_faulty and apology_on <= closed_on) as apologised,
        count(fee_difference) as fee_known,
        count(*) filter (where fee_difference = 0) as fee_correct,
        sum(fee_difference) as fee_difference
    from {{ ref('fct_dossier') }}
    where closed_at <= {{ as_of() }}
    group by agency_code, closed_on, channel
),

-- judged when the due date passes: what was returned or stopped by then is not counted, what is still open is not met
due as (
    select
        agency_code,
        due_on as day,
        channel,
        count(*) as due,
        count(*) filter (where state = 'resolved' and finished_at <= due_by) as due_met
    from {{ ref('fct_dossier') }}
    where
        due_by <= {{ as_of() }}
        and received_at <= {{ as_of() }}
        and (state in ('pending', 'resolved') or closed_at > due_by)
    group by agency_code, due_on, channel
)

select
    agency_code,
    day,
    channel,
    {{ each(dossier_flows(), "coalesce(#, 0)") }}
from received
full join closed using (agency_code, day, channel)
full join due using (agency_code, day, channel)

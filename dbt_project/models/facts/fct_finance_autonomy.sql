-- Bodies entitled to autonomy and budget lines as a period's rows tell them, with the bounds of that period.
with newest as (
    {{ current_row(ref('stg_finance_autonomy'), ["agency_code", "period", "item_code"]) }}
),

{{ told_periods("newest") }}

select
    newest.agency_code,
    newest.period,
    newest.item_code,
    newest.record,
    newest.title,
    newest.level,
    newest.body_kind,
    newest.decree,
    newest.entitled,
    newest.autonomous_since,
    newest.degree,
    newest.purpose,
    newest.requested,
    newest.allocated,
    newest.spent,
    newest.desk_allowance_decided_on,
    told_period.starts_on,
    told_period.ends_on,
    told_period.whole_starts_on,
    told_period.whole_ends_on,
    told_period.next_ends_on,
    newest._delivery,
    newest._line,
    newest._flags
from newest
left join told_period
    on
        newest.agency_code = told_period.agency_code
        and newest.period = told_period.period

-- Documents, mail and portal of a unit in a period, the newest row, with the bounds of the period it tells of.
with newest as (
    {{ current_row(ref('stg_edocument_usage'), ["agency_code", "period"]) }}
),

{{ told_periods("newest") }}

select
    newest.agency_code,
    newest.period,
    newest.documents_sent,
    newest.documents_sent_electronically,
    newest.documents_signed_digitally,
    newest.documents_secret,
    newest.staff,
    newest.mailboxes_active,
    newest.portal_works,
    newest.portal_items_required,
    newest.portal_items_current,
    newest.connected_province,
    newest.connected_national,
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

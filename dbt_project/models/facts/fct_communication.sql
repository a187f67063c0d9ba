-- Made by `cchc measure sql` from the contract of communication: of each key the newest row.
-- Tuyên truyền cải cách hành chính
with newest as (
    {{ current_row(ref('stg_communication'), ["agency_code", "item_code"]) }}
)

select
    agency_code,
    item_code,
    medium,
    title,
    planned_on,
    published_on,
    times,
    participants,
    updated_at,
    _delivery,
    _line,
    _flags
from newest

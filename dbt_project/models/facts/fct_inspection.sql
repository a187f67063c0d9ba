-- Made by `cchc measure sql` from the contract of inspection: of each key the newest row.
-- Kiểm tra cải cách hành chính và kỷ luật công vụ
with newest as (
    {{ current_row(ref('stg_inspection'), ["agency_code", "inspection_code", "item_no"]) }}
)

select
    agency_code,
    inspection_code,
    item_no,
    record,
    inspector_code,
    kind,
    topic,
    planned_on,
    done_on,
    people_checked,
    people_with_card,
    violation_kind,
    title,
    found_on,
    due_on,
    remedied_on,
    decided_on,
    updated_at,
    _delivery,
    _line,
    _flags
from newest

-- Made by `cchc measure sql` from the contract of training: of each key the newest row.
-- Đào tạo, bồi dưỡng
with newest as (
    {{ current_row(ref('stg_training'), ["agency_code", "class_code"]) }}
)

select
    agency_code,
    class_code,
    topic,
    title,
    planned_on,
    planned_learners,
    opened_on,
    closed_on,
    learners,
    learners_desk,
    updated_at,
    _delivery,
    _line,
    _flags
from newest

-- Made by `cchc measure sql` from the contract of staff: of each key the newest row.
-- Danh sách cán bộ, công chức, viên chức
with newest as (
    {{ current_row(ref('stg_staff'), ["agency_code", "staff_id"]) }}
)

select
    agency_code,
    staff_id,
    kind,
    position,
    in_post_from,
    in_post_to,
    level,
    position_code,
    rank,
    rank_fits,
    qualification,
    qualification_fits,
    at_one_stop,
    one_stop_trained_on,
    recruited_on,
    appointed_by_exam,
    left_as,
    reviewed_on,
    review_result,
    review_published_on,
    disciplined_on,
    discipline,
    has_card,
    _delivery,
    _line,
    _flags
from newest

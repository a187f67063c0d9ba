-- One row per person in an agency, the newest version. The id is a keyed hash.
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
    _delivery,
    _line,
    _flags
from newest

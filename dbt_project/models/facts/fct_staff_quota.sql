-- Made by `cchc measure sql` from the contract of staff_quota: of each key the newest row.
-- Biên chế, vị trí việc làm và chỉ tiêu tinh giản
with newest as (
    {{ current_row(ref('stg_staff_quota'), ["agency_code", "period", "kind"]) }}
)

select
    agency_code,
    period,
    kind,
    quota,
    streamlining_target,
    scheme_required,
    scheme_submitted_on,
    scheme_approved_on,
    _delivery,
    _line,
    _flags
from newest

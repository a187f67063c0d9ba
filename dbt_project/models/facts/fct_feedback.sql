-- Made by `cchc measure sql` from the contract of feedback: of each key the newest row.
-- Phản ánh, kiến nghị, khiếu nại, tố cáo
with newest as (
    {{ current_row(ref('stg_feedback'), ["agency_code", "feedback_code"]) }}
)

select
    agency_code,
    feedback_code,
    kind,
    channel,
    about,
    procedure_code,
    received_at,
    due_on,
    answered_on,
    forwarded_on,
    forwarded_to,
    published_on,
    out_of_scope,
    result,
    rating,
    updated_at,
    _delivery,
    _line,
    _flags
from newest

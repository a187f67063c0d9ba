-- Made by `cchc measure sql` from the contract of survey_response: of each key the newest row.
-- Phiếu khảo sát mức độ hài lòng
with newest as (
    {{ current_row(ref('stg_survey_response'), ["agency_code", "response_id"]) }}
)

select
    agency_code,
    response_id,
    survey_code,
    respondent_group,
    answered_on,
    overall,
    sector,
    procedure_code,
    channel,
    scale,
    access,
    procedures,
    officials,
    results,
    feedback_handling,
    apology,
    updated_at,
    _delivery,
    _line,
    _flags
from newest

-- One row per questionnaire, its newest version.
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
    _delivery,
    _line,
    _flags
from newest

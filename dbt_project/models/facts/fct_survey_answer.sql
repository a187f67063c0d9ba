-- Made by `cchc measure sql` from the contract of survey_answer: of each key the newest row.
-- Câu trả lời phiếu điều tra xã hội học
with newest as (
    {{ current_row(ref('stg_survey_answer'), ["agency_code", "response_id", "question"]) }}
)

select
    agency_code,
    response_id,
    question,
    survey_code,
    respondent_group,
    scale,
    answer,
    score,
    answered_on,
    updated_at,
    _delivery,
    _line,
    _flags
from newest

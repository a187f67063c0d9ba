-- Made by `cchc measure sql` from the contract of legal_document: of each key the newest row.
-- Văn bản quy phạm pháp luật
with newest as (
    {{ current_row(ref('stg_legal_document'), ["agency_code", "period", "document_code"]) }}
)

select
    agency_code,
    period,
    document_code,
    kind,
    level,
    title,
    listed,
    due_on,
    drafted_on,
    draft_published_on,
    draft_closed_on,
    document_no,
    issued_on,
    reviewed_on,
    checked_on,
    check_result,
    handled_on,
    _delivery,
    _line,
    _flags
from newest

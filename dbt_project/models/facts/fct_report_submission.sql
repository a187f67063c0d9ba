-- Made by `cchc measure sql` from the contract of report_submission: of each key the newest row.
-- Báo cáo của cơ quan và số liệu trong báo cáo
with newest as (
    {{ current_row(ref('stg_report_submission'), ["agency_code", "period", "report_code", "line_code"]) }}
)

select
    agency_code,
    period,
    report_code,
    line_code,
    report_kind,
    title,
    document_no,
    document_on,
    due_on,
    received_at,
    signer_role,
    has_lead_progress,
    value,
    value_unit,
    value_note,
    _delivery,
    _line,
    _flags
from newest

{{ config(materialized="ephemeral") }}
-- Báo cáo của cơ quan và số liệu trong báo cáo
-- The accepted rows of the deliveries that count tonight, every version.
select
    log.agency_code,
    log.period,
    log.report_code,
    log.line_code,
    log.report_kind,
    log.title,
    log.document_no,
    log.document_on,
    log.due_on,
    log.received_at,
    log.signer_role,
    log.has_lead_progress,
    log.value,
    log.value_unit,
    log.value_note,
    log._delivery,
    log._line,
    log._version,
    log._flags
from {{ source('accepted', 'report_submission') }} as log
inner join {{ ref('stg_delivery_period') }} as named
    on
        log._delivery = named.delivery_id
        and log.period = named.period

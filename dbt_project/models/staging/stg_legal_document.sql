{{ config(materialized="ephemeral") }}
-- Văn bản quy phạm pháp luật
-- The accepted rows of the deliveries that count tonight, every version.
select
    log.agency_code,
    log.period,
    log.document_code,
    log.kind,
    log.level,
    log.title,
    log.listed,
    log.due_on,
    log.drafted_on,
    log.draft_published_on,
    log.draft_closed_on,
    log.document_no,
    log.issued_on,
    log.reviewed_on,
    log.checked_on,
    log.check_result,
    log.handled_on,
    log._delivery,
    log._line,
    log._version,
    log._flags
from {{ source('accepted', 'legal_document') }} as log
inner join {{ ref('stg_delivery_period') }} as named
    on
        log._delivery = named.delivery_id
        and log.period = named.period

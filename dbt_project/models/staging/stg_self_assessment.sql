{{ config(materialized="ephemeral") }}
-- Tự đánh giá Chỉ số cải cách hành chính
-- The accepted rows of the deliveries that count tonight, every version.
select
    log.agency_code,
    log.period,
    log.framework,
    log.criterion,
    log.points,
    log.not_applicable,
    log.value,
    log.explanation,
    log.evidence,
    log.evidence_place,
    log.assessed_on,
    log._delivery,
    log._line,
    log._version,
    log._flags
from {{ source('accepted', 'self_assessment') }} as log
inner join {{ ref('stg_delivery_period') }} as named
    on
        log._delivery = named.delivery_id
        and log.period = named.period

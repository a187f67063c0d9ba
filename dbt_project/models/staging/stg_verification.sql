{{ config(materialized="ephemeral") }}
-- Thẩm định Chỉ số cải cách hành chính
-- The accepted rows of the deliveries that count tonight, every version.
select
    log.agency_code,
    log.period,
    log.framework,
    log.criterion,
    log.round,
    log.verifier_code,
    log.outcome,
    log.points,
    log.not_applicable,
    log.reason,
    log.agency_explanation,
    log.verified_on,
    log._delivery,
    log._line,
    log._version,
    log._flags
from {{ source('accepted', 'verification') }} as log
inner join {{ ref('stg_delivery_period') }} as named
    on
        log._delivery = named.delivery_id
        and log.period = named.period

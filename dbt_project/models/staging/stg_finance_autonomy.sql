{{ config(materialized="ephemeral") }}
-- Tự chủ tài chính và kinh phí cải cách hành chính
-- The accepted rows of the deliveries that count tonight, every version.
select
    log.agency_code,
    log.period,
    log.item_code,
    log.record,
    log.title,
    log.level,
    log.body_kind,
    log.decree,
    log.entitled,
    log.autonomous_since,
    log.degree,
    log.purpose,
    log.requested,
    log.allocated,
    log.spent,
    log.desk_allowance_decided_on,
    log._delivery,
    log._line,
    log._version,
    log._flags
from {{ source('accepted', 'finance_autonomy') }} as log
inner join {{ ref('stg_delivery_period') }} as named
    on
        log._delivery = named.delivery_id
        and log.period = named.period

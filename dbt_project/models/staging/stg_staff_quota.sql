{{ config(materialized="ephemeral") }}
-- Biên chế, vị trí việc làm và chỉ tiêu tinh giản
-- The accepted rows of the deliveries that count tonight, every version.
select
    log.agency_code,
    log.period,
    log.kind,
    log.quota,
    log.streamlining_target,
    log.scheme_required,
    log.scheme_submitted_on,
    log.scheme_approved_on,
    log._delivery,
    log._line,
    log._version,
    log._flags
from {{ source('accepted', 'staff_quota') }} as log
inner join {{ ref('stg_delivery_period') }} as named
    on
        log._delivery = named.delivery_id
        and log.period = named.period

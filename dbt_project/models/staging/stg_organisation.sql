-- Tổ chức và điều kiện thực hiện của đơn vị: the accepted rows of the deliveries that count tonight, every version.
select
    log.agency_code,
    log.one_stop_since,
    log.modern_one_stop_listed,
    log.modern_one_stop_stage,
    log.modern_one_stop_live_on,
    log.portal_since,
    log._delivery,
    log._line,
    log._version,
    log._flags
from {{ source('accepted', 'organisation') }} as log
inner join {{ ref('stg_delivery') }} as delivery on log._delivery = delivery.delivery_id

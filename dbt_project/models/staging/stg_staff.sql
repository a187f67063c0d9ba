-- Danh sách cán bộ, công chức, viên chức: the accepted rows of the deliveries that count tonight, every version.
select
    log.agency_code,
    log.staff_id,
    log.kind,
    log.position,
    log.in_post_from,
    log.in_post_to,
    log._delivery,
    log._line,
    log._version,
    log._flags
from {{ source('accepted', 'staff') }} as log
inner join {{ ref('stg_delivery') }} as delivery on log._delivery = delivery.delivery_id

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
inner join {{ source('ops', 'cut_delivery') }} as cut_delivery on log._delivery = cut_delivery.delivery_id
where
    cut_delivery.cut_id = {{ cut_id() }}
    and cut_delivery.in_force

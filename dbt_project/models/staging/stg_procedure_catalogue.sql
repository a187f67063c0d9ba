-- Danh mục thủ tục hành chính: the accepted rows of the deliveries that count tonight, every version.
select
    log.agency_code,
    log.procedure_code,
    log.name,
    log.sector,
    log.level,
    log.one_stop,
    log.interlinked,
    log.statutory_days,
    log.fee,
    log.in_force_from,
    log.in_force_to,
    log._delivery,
    log._line,
    log._version,
    log._flags
from {{ source('accepted', 'procedure_catalogue') }} as log
inner join {{ ref('stg_delivery') }} as delivery on log._delivery = delivery.delivery_id

-- Nhật ký hồ sơ thủ tục hành chính: the accepted rows of the deliveries that count tonight, every version.
select
    log.agency_code,
    log.dossier_code,
    log.procedure_code,
    log.channel,
    log.received_at,
    log.due_by,
    log.finished_at,
    log.closed_as,
    log.apology_on,
    log.has_error,
    log.fee_due,
    log.fee_collected,
    log.updated_at,
    log._delivery,
    log._line,
    log._version,
    log._flags
from {{ source('accepted', 'dossier_log') }} as log
inner join {{ ref('stg_delivery') }} as delivery on log._delivery = delivery.delivery_id

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
inner join {{ source('ops', 'cut_delivery') }} as cut_delivery on log._delivery = cut_delivery.delivery_id
where
    cut_delivery.cut_id = {{ cut_id() }}
    and cut_delivery.in_force

-- Nhiệm vụ của kế hoạch cải cách hành chính: the accepted rows of the deliveries that count tonight, every version.
select
    log.agency_code,
    log.plan_year,
    log.task_code,
    log.plan_kind,
    log.title,
    log.output,
    log.owner,
    log.due_on,
    log.finished_on,
    log.excused_reason,
    log._delivery,
    log._line,
    log._version,
    log._flags
from {{ source('accepted', 'plan_task') }} as log
inner join {{ ref('stg_delivery') }} as delivery on log._delivery = delivery.delivery_id

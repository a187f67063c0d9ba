{{ config(materialized="ephemeral") }}
-- Kiểm tra cải cách hành chính và kỷ luật công vụ
-- The accepted rows of the deliveries that count tonight, every version.
select
    log.agency_code,
    log.inspection_code,
    log.item_no,
    log.record,
    log.inspector_code,
    log.kind,
    log.topic,
    log.planned_on,
    log.done_on,
    log.people_checked,
    log.people_with_card,
    log.violation_kind,
    log.title,
    log.found_on,
    log.due_on,
    log.remedied_on,
    log.decided_on,
    log.updated_at,
    log._delivery,
    log._line,
    coalesce(log.updated_at, delivery.last_arrived_at) as _version,
    log._flags
from {{ source('accepted', 'inspection') }} as log
inner join {{ ref('stg_delivery') }} as delivery on log._delivery = delivery.delivery_id

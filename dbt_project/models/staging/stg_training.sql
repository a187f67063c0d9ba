{{ config(materialized="ephemeral") }}
-- Đào tạo, bồi dưỡng
-- The accepted rows of the deliveries that count tonight, every version.
select
    log.agency_code,
    log.class_code,
    log.topic,
    log.title,
    log.planned_on,
    log.planned_learners,
    log.opened_on,
    log.closed_on,
    log.learners,
    log.learners_desk,
    log.updated_at,
    log._delivery,
    log._line,
    coalesce(log.updated_at, delivery.last_arrived_at) as _version,
    log._flags
from {{ source('accepted', 'training') }} as log
inner join {{ ref('stg_delivery') }} as delivery on log._delivery = delivery.delivery_id

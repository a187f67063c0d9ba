{{ config(materialized="ephemeral") }}
-- Tuyên truyền cải cách hành chính
-- The accepted rows of the deliveries that count tonight, every version.
select
    log.agency_code,
    log.item_code,
    log.medium,
    log.title,
    log.planned_on,
    log.published_on,
    log.times,
    log.participants,
    log.updated_at,
    log._delivery,
    log._line,
    coalesce(log.updated_at, delivery.last_arrived_at) as _version,
    log._flags
from {{ source('accepted', 'communication') }} as log
inner join {{ ref('stg_delivery') }} as delivery on log._delivery = delivery.delivery_id

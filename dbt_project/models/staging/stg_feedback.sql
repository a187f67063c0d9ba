{{ config(materialized="ephemeral") }}
-- Phản ánh, kiến nghị, khiếu nại, tố cáo
-- The accepted rows of the deliveries that count tonight, every version.
select
    log.agency_code,
    log.feedback_code,
    log.kind,
    log.channel,
    log.about,
    log.procedure_code,
    log.received_at,
    log.due_on,
    log.answered_on,
    log.forwarded_on,
    log.forwarded_to,
    log.published_on,
    log.out_of_scope,
    log.result,
    log.rating,
    log.updated_at,
    log._delivery,
    log._line,
    coalesce(log.updated_at, delivery.last_arrived_at) as _version,
    log._flags
from {{ source('accepted', 'feedback') }} as log
inner join {{ ref('stg_delivery') }} as delivery on log._delivery = delivery.delivery_id

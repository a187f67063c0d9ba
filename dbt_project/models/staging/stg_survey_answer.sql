{{ config(materialized="ephemeral") }}
-- Câu trả lời phiếu điều tra xã hội học
-- The accepted rows of the deliveries that count tonight, every version.
select
    log.agency_code,
    log.response_id,
    log.question,
    log.survey_code,
    log.respondent_group,
    log.scale,
    log.answer,
    log.score,
    log.answered_on,
    log.updated_at,
    log._delivery,
    log._line,
    coalesce(log.updated_at, delivery.last_arrived_at) as _version,
    log._flags
from {{ source('accepted', 'survey_answer') }} as log
inner join {{ ref('stg_delivery') }} as delivery on log._delivery = delivery.delivery_id

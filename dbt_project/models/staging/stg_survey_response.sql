{{ config(materialized="ephemeral") }}
-- Phiếu khảo sát mức độ hài lòng
-- The accepted rows of the deliveries that count tonight, every version.
select
    log.agency_code,
    log.response_id,
    log.survey_code,
    log.respondent_group,
    log.answered_on,
    log.overall,
    log.sector,
    log.procedure_code,
    log.channel,
    log.scale,
    log.access,
    log.procedures,
    log.officials,
    log.results,
    log.feedback_handling,
    log.apology,
    log.updated_at,
    log._delivery,
    log._line,
    coalesce(log.updated_at, delivery.last_arrived_at) as _version,
    log._flags
from {{ source('accepted', 'survey_response') }} as log
inner join {{ ref('stg_delivery') }} as delivery on log._delivery = delivery.delivery_id

{{ config(materialized="ephemeral") }}
-- Nhiệm vụ của kế hoạch cải cách hành chính
-- The accepted rows of the deliveries that count tonight, every version.
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
    log.task_kind,
    log.lead_code,
    log.resources,
    log.decision_no,
    log.programme_code,
    log.programme_to_year,
    log.survey_code,
    log.excused_on,
    log._delivery,
    log._line,
    log._version,
    log._flags
from {{ source('accepted', 'plan_task') }} as log
inner join {{ ref('stg_delivery') }} as delivery on log._delivery = delivery.delivery_id

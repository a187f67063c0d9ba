-- Phiếu khảo sát mức độ hài lòng: the accepted rows of the deliveries that count tonight, every version.
select
    log.agency_code,
    log.response_id,
    log.survey_code,
    log.respondent_group,
    log.answered_on,
    log.overall,
    log._delivery,
    log._line,
    log._version,
    log._flags
from {{ source('accepted', 'survey_response') }} as log
inner join {{ ref('stg_delivery') }} as delivery on log._delivery = delivery.delivery_id

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
inner join {{ source('ops', 'cut_delivery') }} as cut_delivery on log._delivery = cut_delivery.delivery_id
where
    cut_delivery.cut_id = {{ cut_id() }}
    and cut_delivery.in_force

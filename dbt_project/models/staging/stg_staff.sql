{{ config(materialized="ephemeral") }}
-- Danh sách cán bộ, công chức, viên chức
-- The accepted rows of the deliveries that count tonight, every version.
select
    log.agency_code,
    log.staff_id,
    log.kind,
    log.position,
    log.in_post_from,
    log.in_post_to,
    log.level,
    log.position_code,
    log.rank,
    log.rank_fits,
    log.qualification,
    log.qualification_fits,
    log.at_one_stop,
    log.one_stop_trained_on,
    log.recruited_on,
    log.appointed_by_exam,
    log.left_as,
    log.reviewed_on,
    log.review_result,
    log.review_published_on,
    log.disciplined_on,
    log.discipline,
    log.has_card,
    log._delivery,
    log._line,
    log._version,
    log._flags
from {{ source('accepted', 'staff') }} as log
inner join {{ ref('stg_delivery') }} as delivery on log._delivery = delivery.delivery_id

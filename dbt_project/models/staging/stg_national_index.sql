{{ config(materialized="ephemeral") }}
-- Chỉ số của tỉnh do trung ương công bố
-- The accepted rows of the deliveries that count tonight, every version.
select
    log.agency_code,
    log.period,
    log.index_code,
    log.subject,
    log.criterion,
    log.title,
    log.points,
    log.points_max,
    log.points_verified,
    log.points_survey,
    log.rank,
    log.ranked_among,
    log.announced_on,
    log.source_document,
    log._delivery,
    log._line,
    log._version,
    log._flags
from {{ source('accepted', 'national_index') }} as log
inner join {{ ref('stg_delivery_period') }} as named
    on
        log._delivery = named.delivery_id
        and log.period = named.period

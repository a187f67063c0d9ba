{{ config(materialized="ephemeral") }}
-- Cuộc khảo sát và mẫu khảo sát
-- The accepted rows of the deliveries that count tonight, every version.
select
    log.agency_code,
    log.period,
    log.survey_code,
    log.respondent_group,
    log.title,
    log.sector,
    log.population,
    log.sample_planned,
    log.forms_sent,
    log.forms_returned,
    log.opened_on,
    log.closed_on,
    log.published_on,
    log._delivery,
    log._line,
    log._version,
    log._flags
from {{ source('accepted', 'survey_round') }} as log
inner join {{ ref('stg_delivery_period') }} as named
    on
        log._delivery = named.delivery_id
        and log.period = named.period

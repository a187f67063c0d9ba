{{ config(materialized="ephemeral") }}
-- Văn bản điện tử, thư công vụ và cổng thông tin
-- The accepted rows of the deliveries that count tonight, every version.
select
    log.agency_code,
    log.period,
    log.documents_sent,
    log.documents_sent_electronically,
    log.documents_signed_digitally,
    log.documents_secret,
    log.staff,
    log.mailboxes_active,
    log.portal_works,
    log.portal_items_required,
    log.portal_items_current,
    log.connected_province,
    log.connected_national,
    log._delivery,
    log._line,
    log._version,
    log._flags
from {{ source('accepted', 'edocument_usage') }} as log
inner join {{ ref('stg_delivery_period') }} as named
    on
        log._delivery = named.delivery_id
        and log.period = named.period

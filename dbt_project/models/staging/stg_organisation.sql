{{ config(materialized="ephemeral") }}
-- Tổ chức và điều kiện thực hiện của đơn vị
-- The accepted rows of the deliveries that count tonight, every version.
select
    log.agency_code,
    log.one_stop_since,
    log.modern_one_stop_listed,
    log.modern_one_stop_stage,
    log.modern_one_stop_live_on,
    log.portal_since,
    log.modern_one_stop_scheme_on,
    log.modern_one_stop_appraised_on,
    log.modern_one_stop_approved_on,
    log.modern_one_stop_due_on,
    log.one_stop_regulation_no,
    log.one_stop_regulation_from,
    log.one_stop_regulation_to,
    log.one_stop_software_since,
    log.one_stop_area_m2,
    log.one_stop_area_required_m2,
    log.one_stop_equipment_complete,
    log.working_regulation_no,
    log.working_regulation_from,
    log.working_regulation_to,
    log.function_reviewed_on,
    log.iso_required,
    log.iso_certified_on,
    log.iso_valid_to,
    log.centre_live_on,
    log.centre_procedures_planned,
    log.centre_procedures_moved,
    log.certified_copy_required,
    log.certified_copy_since,
    log._delivery,
    log._line,
    log._version,
    log._flags
from {{ source('accepted', 'organisation') }} as log
inner join {{ ref('stg_delivery') }} as delivery on log._delivery = delivery.delivery_id

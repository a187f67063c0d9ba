-- Made by `cchc measure sql` from the contract of organisation: of each key the newest row.
-- Tổ chức và điều kiện thực hiện của đơn vị
with newest as (
    {{ current_row(ref('stg_organisation'), ["agency_code"]) }}
)

select
    agency_code,
    one_stop_since,
    modern_one_stop_listed,
    modern_one_stop_stage,
    modern_one_stop_live_on,
    portal_since,
    modern_one_stop_scheme_on,
    modern_one_stop_appraised_on,
    modern_one_stop_approved_on,
    modern_one_stop_due_on,
    one_stop_regulation_no,
    one_stop_regulation_from,
    one_stop_regulation_to,
    one_stop_software_since,
    one_stop_area_m2,
    one_stop_area_required_m2,
    one_stop_equipment_complete,
    working_regulation_no,
    working_regulation_from,
    working_regulation_to,
    function_reviewed_on,
    iso_required,
    iso_certified_on,
    iso_valid_to,
    centre_live_on,
    centre_procedures_planned,
    centre_procedures_moved,
    certified_copy_required,
    certified_copy_since,
    _delivery,
    _line,
    _flags
from newest

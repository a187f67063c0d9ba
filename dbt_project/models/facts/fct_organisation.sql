-- One row per unit: its one-stop shop and its portal, the newest version.
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
    _delivery,
    _line,
    _flags
from newest

-- One row per procedure that an agency handles, the newest version.
with newest as (
    {{ current_row(ref('stg_procedure_catalogue'), ["agency_code", "procedure_code"]) }}
)

select
    agency_code,
    procedure_code,
    {{ national_code('procedure_code') }} as national_code,
    name,
    sector,
    level,
    one_stop,
    interlinked,
    statutory_days,
    fee,
    in_force_from,
    in_force_to,
    _delivery,
    _line,
    _flags
from newest

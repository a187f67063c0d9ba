{{ config(materialized="view") }}

-- The rows behind the counts of dossiers: each with what the catalogue says of its procedure. Read by the lists of
-- rows, never by a night: its counts take the procedure after they have added up.
select
    fct.*,
    coalesce(procedure.sector, fct.sector) as known_sector,
    coalesce(fct.statutory_days, procedure.statutory_days) * {{ working_minutes(working_sessions()) }}
        as statutory_minutes
from {{ ref('fct_dossier') }} as fct
left join {{ ref('dossier_procedure') }} as procedure
    on
        fct.agency_code = procedure.agency_code
        and fct.procedure_code = procedure.procedure_code

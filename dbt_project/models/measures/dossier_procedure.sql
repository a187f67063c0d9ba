{{ config(meta={"distribute_by": "agency_code"}) }}

-- The procedure behind each code that dossiers name: the agency's own in the catalogue, else the province's, by the
-- whole code or by its national part (macros/procedure_code.sql).
with spoken as (
    select distinct
        agency_code,
        procedure_code,
        coalesce({{ national_code('procedure_code') }}, procedure_code) as matched_code
    from {{ ref('agg_dossier_stretch') }}
    where procedure_code <> ''
),

catalogue as (
    select
        agency_code,
        coalesce(national_code, procedure_code) as matched_code,
        max(procedure_code) as procedure_code,
        max(sector) as sector,
        max(statutory_days) as statutory_days
    from {{ ref('fct_procedure') }}
    group by agency_code, coalesce(national_code, procedure_code)
),

anywhere as (
    select
        matched_code,
        max(procedure_code) as procedure_code,
        max(sector) as sector,
        max(statutory_days) as statutory_days
    from catalogue
    group by matched_code
)

select
    spoken.agency_code,
    spoken.procedure_code,
    coalesce(own.sector, anywhere.sector) as sector,
    coalesce(own.statutory_days, anywhere.statutory_days) as statutory_days
from spoken
inner join anywhere on spoken.matched_code = anywhere.matched_code
left join catalogue as own
    on
        spoken.agency_code = own.agency_code
        and spoken.matched_code = own.matched_code

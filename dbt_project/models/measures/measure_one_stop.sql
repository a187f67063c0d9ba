{{ config(materialized="view") }}

-- One-stop shops at the cut-off: the bodies that run one, the procedures handled through it, the modern ones live.
with body as (
    select
        unit.agency_code,
        unit.period_code,
        coalesce(organisation.one_stop_since <= unit.cutoff_on, false) as has_one_stop,
        coalesce(organisation.modern_one_stop_listed, false) as is_listed,
        coalesce(organisation.modern_one_stop_live_on <= unit.cutoff_on, false) as is_live
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('fct_organisation') }} as organisation on unit.agency_code = organisation.agency_code
),

in_force as (
    select
        unit.agency_code,
        unit.period_code,
        count(*) filter (where procedure.one_stop) as through_one_stop,
        count(*) as procedures
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('fct_procedure') }} as procedure
        on
            unit.agency_code = procedure.agency_code
            and (procedure.in_force_from is null or unit.cutoff_on >= procedure.in_force_from)
            and (procedure.in_force_to is null or unit.cutoff_on < procedure.in_force_to)
    where unit.period_kind in ('quarter', 'half', 'nine_months', 'year')
    group by unit.agency_code, unit.period_code
)

select
    agency_code,
    period_code,
    'one_stop_body_count' as measure,
    1 as version,
    '' as dim,
    has_one_stop::int::numeric as numerator,
    null::numeric as denominator
from body
union all
select
    agency_code,
    period_code,
    'modern_one_stop_rate' as measure,
    1 as version,
    '' as dim,
    (is_listed and is_live)::int::numeric as numerator,
    is_listed::int::numeric as denominator
from body
union all
select
    agency_code,
    period_code,
    'one_stop_procedure_rate' as measure,
    1 as version,
    '' as dim,
    through_one_stop::numeric as numerator,
    procedures::numeric as denominator
from in_force

{{ config(meta={"distribute_by": "agency_code"}) }}

-- The province's tree at the time of each period: the units that existed on one of its days up to the cut-off.
select
    unit.agency_code,
    period.period_code,
    period.kind as period_kind,
    period.year,
    period.starts_on,
    period.ends_on,
    period.cutoff_on,
    period.is_open,
    period.year_starts_on,
    period.year_ends_on,
    unit.kind,
    unit.level,
    unit.block
from {{ ref('stg_unit') }} as unit
inner join {{ ref('reporting_period') }} as period
    on
        unit.valid_from <= period.cutoff_on
        and (unit.valid_to is null or unit.valid_to > period.starts_on)

{{ config(alias="measure", meta={"distribute_by": "agency_code"}) }}

-- Every figure of the night: units by the tree of their time, the province with its levels, then units by today's tree
-- where that differs (dimension tree=today). Values are unrounded.
with province as (
    select agency_code
    from {{ ref('stg_unit') }}
    where kind = 'province'
),

counted as (
    select
        unit.agency_code,
        unit.period_code,
        unit.measure,
        unit.version,
        unit.kind,
        unit.dim,
        unit.is_collected,
        false as is_estimated,
        unit.numerator,
        unit.denominator
    from {{ ref('measure_unit') }} as unit
    where unit.agency_code not in (select province.agency_code from province)
    union all
    select
        agency_code,
        period_code,
        measure,
        version,
        kind,
        dim,
        is_collected,
        false as is_estimated,
        numerator,
        denominator
    from {{ ref('measure_province') }}
    union all
    select
        agency_code,
        period_code,
        measure,
        version,
        kind,
        dim,
        is_collected,
        is_estimated,
        numerator,
        denominator
    from {{ ref('figure_by_today') }}
)

select
    counted.agency_code,
    counted.period_code,
    counted.measure,
    counted.version,
    counted.dim,
    {{ figure("counted.measure", "counted.version", "counted.agency_code", "counted.period_code", "counted.dim") }}
        as figure,
    counted.numerator,
    counted.denominator,
    case
        when counted.kind in ('ratio', 'yes_no')
            then trim_scale(counted.numerator / nullif(counted.denominator, 0))
        else counted.numerator
    end as value,
    case
        when not counted.is_collected then 'M'
        when counted.is_estimated then 'E'
        when period.is_open then 'P'
        else 'A'
    end as status
from counted
inner join {{ ref('reporting_period') }} as period on counted.period_code = period.period_code

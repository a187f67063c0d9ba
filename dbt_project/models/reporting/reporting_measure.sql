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
        false as is_provisional,
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
        false as is_provisional,
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
        false as is_provisional,
        numerator,
        denominator
    from {{ ref('figure_by_today') }}
    union all
    -- made of figures, the province's among them
    select
        made.agency_code,
        made.period_code,
        made.measure,
        made.version,
        measure.kind,
        made.dim,
        true as is_collected,
        false as is_estimated,
        made.is_provisional,
        made.numerator,
        made.denominator
    from ({{ stack(figure_models(), ["is_provisional"]) }}) as made
    inner join {{ ref('measure') }} as measure
        on
            made.measure = measure.measure
            and made.version = measure.version
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
    {{ figure_value("counted.kind", "counted.numerator", "counted.denominator") }} as value,
    case
        when not counted.is_collected then 'M'
        when counted.is_estimated then 'E'
        when period.is_open or counted.is_provisional then 'P'
        else 'A'
    end as status
from counted
inner join {{ ref('reporting_period') }} as period on counted.period_code = period.period_code

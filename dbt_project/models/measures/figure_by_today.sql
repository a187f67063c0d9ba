{{ config(materialized="view") }}

-- Figures by today's tree, from sums, where they differ from those by the tree of their time: a unit of today with what
-- its predecessors had; in periods that know such units, the province's levels of today, and as a rest of the province
-- what those had whose successor no decree names. Both trees have the same sum. What does not add up (medians, ranks,
-- points) is left out.
with province as (
    select agency_code
    from {{ ref('stg_unit') }}
    where kind = 'province'
),

moved as (
    select
        agency_code,
        successor_code,
        attribution
    from {{ ref('unit_successor') }}
    where attribution <> 'same'
),

concerned as (
    select
        moved.agency_code,
        coalesce(moved.successor_code, province.agency_code) as to_code,
        case when moved.attribution = 'none' then 'rest=no_successor,tree=today' else 'tree=today' end as tree,
        moved.attribution
    from moved
    cross join province
    union all
    select distinct
        successor_code as agency_code,
        successor_code as to_code,
        'tree=today' as tree,
        'same' as attribution
    from moved
    where successor_code is not null
),

touched as (
    select distinct unit.period_code
    from {{ ref('measure_unit') }} as unit
    inner join moved on unit.agency_code = moved.agency_code
),

placed as (
    select
        today.agency_code,
        unit.level,
        today.attribution
    from {{ ref('unit_successor') }} as today
    inner join {{ ref('stg_unit') }} as unit on today.successor_code = unit.agency_code
),

summed as (
    select
        concerned.to_code as agency_code,
        unit.period_code,
        unit.measure,
        unit.version,
        unit.kind,
        concat_ws(',', nullif(unit.dim, ''), concerned.tree) as dim,
        bool_or(unit.is_collected) as is_collected,
        bool_or(concerned.attribution = 'first' and unit.is_collected) as is_estimated,
        trim_scale(sum(unit.numerator)) as numerator,
        trim_scale(sum(unit.denominator)) as denominator
    from {{ ref('measure_unit') }} as unit
    inner join concerned on unit.agency_code = concerned.agency_code
    group by
        concerned.to_code, unit.period_code, unit.measure, unit.version, unit.kind, unit.dim, concerned.tree
    having bool_or(concerned.attribution <> 'same')
    union all
    select
        province.agency_code,
        unit.period_code,
        unit.measure,
        unit.version,
        unit.kind,
        concat_ws(',', {{ dim_with_level("unit.dim", "placed.level") }}, 'tree=today') as dim,
        bool_or(unit.is_collected) as is_collected,
        bool_or(placed.attribution = 'first' and unit.is_collected) as is_estimated,
        trim_scale(sum(unit.numerator)) as numerator,
        trim_scale(sum(unit.denominator)) as denominator
    from touched
    inner join {{ ref('measure_unit') }} as unit on touched.period_code = unit.period_code
    inner join placed on unit.agency_code = placed.agency_code
    cross join province
    group by
        province.agency_code, unit.period_code, unit.measure, unit.version, unit.kind, unit.dim, placed.level
)

select
    summed.agency_code,
    summed.period_code,
    summed.measure,
    summed.version,
    summed.kind,
    summed.dim,
    summed.is_collected,
    summed.is_estimated,
    summed.numerator,
    summed.denominator
from summed
inner join {{ ref('measure') }} as measure
    on
        summed.measure = measure.measure
        and summed.version = measure.version
where
    summed.kind <> 'duration'
    and measure.adds_up

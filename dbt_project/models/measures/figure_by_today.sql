{{ config(materialized="view") }}

-- Figures by today's tree, from sums, where they differ from those by the tree of their time: a unit of today with what
-- its predecessors had, and as a rest of the province what those had whose successor no decree names. Both trees have
-- the same sum. What does not add up (medians, ranks, points) is left out.
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
)

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
inner join {{ ref('measure') }} as measure
    on
        unit.measure = measure.measure
        and unit.version = measure.version
where
    unit.kind <> 'duration'
    and measure.adds_up
group by
    concerned.to_code, unit.period_code, unit.measure, unit.version, unit.kind, unit.dim, concerned.tree
having bool_or(concerned.attribution <> 'same')

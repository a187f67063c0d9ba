{{ config(materialized="view") }}

-- The second step: the province's figures and its levels', from the sums of the units' (the province's own rows are
-- among them); medians do not add up and come from measure_overdue_age; of ranks and points the province has its own
-- alone. Collected when any unit's are.
with province as (
    select agency_code
    from {{ ref('stg_unit') }}
    where kind = 'province'
),

summed as (
    select
        unit.period_code,
        unit.measure,
        unit.version,
        unit.kind,
        {{ dim_with_level("unit.dim", "level.level") }} as dim,
        bool_or(unit.is_collected) as is_collected,
        trim_scale(sum(unit.numerator)) as numerator,
        trim_scale(sum(unit.denominator)) as denominator
    from {{ ref('measure_unit') }} as unit
    inner join {{ ref('measure') }} as measure
        on
            unit.measure = measure.measure
            and unit.version = measure.version
    cross join lateral (values (''), (unit.level)) as level (level)
    where
        unit.kind <> 'duration'
        and (measure.adds_up or (level.level = '' and unit.agency_code in (select province.agency_code from province)))
    group by
        unit.period_code, unit.measure, unit.version, unit.kind, {{ dim_with_level("unit.dim", "level.level") }}
),

lasting as (
    select
        period_code,
        measure,
        version,
        kind,
        bool_or(is_collected) as is_collected
    from {{ ref('measure_unit') }}
    where
        kind = 'duration'
        and dim = ''
    group by period_code, measure, version, kind
)

select
    province.agency_code,
    summed.period_code,
    summed.measure,
    summed.version,
    summed.kind,
    summed.dim,
    summed.is_collected,
    summed.numerator,
    summed.denominator
from summed
cross join province
union all
select
    province.agency_code,
    lasting.period_code,
    lasting.measure,
    lasting.version,
    lasting.kind,
    coalesce(age.dim, '') as dim,
    lasting.is_collected,
    age.numerator,
    null::numeric as denominator
from lasting
cross join province
left join {{ ref('measure_overdue_age') }} as age
    on
        province.agency_code = age.agency_code
        and lasting.period_code = age.period_code
        and lasting.measure = age.measure
        and lasting.version = age.version

-- Every criterion that scores a unit itself, for the unit's block, in each year and (as a forecast) each quarter, with
-- the figure that scores it, before the index's own figures are put beside the others (measure_index). No figure:
-- nothing measures it yet.
with measure as (
    {{ measures_in_force() }}
)

select
    unit.agency_code,
    unit.period_code,
    unit.period_kind,
    unit.is_open,
    criterion.framework,
    criterion.version,
    criterion.block,
    criterion.code,
    criterion.points as points_max,
    criterion.rule,
    criterion.parameters,
    criterion.empty_result,
    {{ figure("figure.measure", "figure.version", "figure.agency_code", "figure.period_code", "''") }} as figure,
    {{ figure_value("figure.kind", "figure.numerator", "figure.denominator") }} as value,
    case when figure.is_collected then 'A' else 'M' end as status
from {{ ref('unit_period') }} as unit
inner join {{ ref('framework_criterion') }} as criterion
    on
        unit.block = criterion.block
        and unit.year between criterion.year_from and coalesce(criterion.year_to, unit.year)
left join measure
    on
        unit.period_code = measure.period_code
        and criterion.measure = measure.measure
left join {{ ref('measure_unit') }} as figure
    on
        unit.agency_code = figure.agency_code
        and unit.period_code = figure.period_code
        and measure.measure = figure.measure
        and measure.version = figure.version
        and figure.dim = ''
where
    criterion.is_leaf
    and unit.period_kind in ('quarter', 'year')

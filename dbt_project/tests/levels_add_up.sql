-- The province's total of a sum is the sum of its levels.
select
    figure.period_code,
    figure.measure,
    figure.version
from {{ ref('reporting_measure') }} as figure
inner join {{ ref('stg_unit') }} as unit on figure.agency_code = unit.agency_code
inner join {{ ref('measure') }} as measure
    on
        figure.measure = measure.measure
        and figure.version = measure.version
where
    unit.kind = 'province'
    and measure.kind <> 'duration'
    and measure.made_of = 'rows' -- the bounds of an interval do not add up
    and figure.dim not like '%=%=%'
group by figure.period_code, figure.measure, figure.version
having
    sum(figure.numerator) filter (where figure.dim = '')
    <> sum(figure.numerator) filter (where figure.dim like 'level=%')

-- The province's total of a sum is the sum of its levels.
select
    figure.period_code,
    figure.measure,
    figure.version
from {{ ref('measure_province') }} as figure
where
    figure.kind <> 'duration'
    and figure.dim not like '%=%=%'
group by figure.period_code, figure.measure, figure.version
having
    sum(figure.numerator) filter (where figure.dim = '')
    <> sum(figure.numerator) filter (where figure.dim like 'level=%')

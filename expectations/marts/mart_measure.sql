-- One row per measure: how many figures lie outside what its kind allows.
select
    m.measure,
    count(*) as figures,
    count(*) filter (where c.kind = 'ratio' and (m.value < 0 and not c.below_0 or m.value > 1 and not c.over_100)) as out_of_bounds,
    count(*) filter (where c.kind = 'count' and m.value < 0) as negative_counts,
    count(*) filter (where c.measure is null) as not_in_catalogue,
    count(*) filter (where m.status <> 'M' and m.numerator is null and m.value is not null) as without_numerator
from {schema}_reporting.measure as m
left join {schema}_reporting.measure_catalogue as c on c.measure = m.measure and c.version = m.version
group by m.measure
order by m.measure

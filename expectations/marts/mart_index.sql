-- One row per block: bounds of the index and ranks, and the block itself when nothing is scored in it.
select
    coalesce(block, 'none') as block,
    count(*) filter (where percent < 0 or percent > 100) as out_of_bounds,
    count(*) filter (where points > points_applicable) as above_maximum,
    count(*) filter (where rank is null and percent is not null) as unranked
from {schema}_reporting.index_unit
group by block
union all
select 'whole', 0, 0, 0
order by 1

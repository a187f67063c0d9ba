-- One row per feed: expected sources and those in the cut.
select
    feed,
    count(*) as expected,
    count(*) filter (where required and state <> 'in') as required_missing,
    count(*) filter (where not required and state <> 'in') as optional_missing
from ops.coverage
where cut_id = %(cut_id)s
group by feed
order by feed

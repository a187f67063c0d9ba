-- The points of the criteria below a field or criterion add up to what the framework states for it.
select
    parent.framework,
    parent.version,
    parent.block,
    parent.code,
    parent.points,
    sum(child.points) as points_below
from {{ ref('framework_criterion') }} as parent
inner join {{ ref('framework_criterion') }} as child
    on
        parent.framework = child.framework
        and parent.version = child.version
        and parent.block = child.block
        and parent.code = child.parent
group by parent.framework, parent.version, parent.block, parent.code, parent.points
having parent.points <> sum(child.points)

{{ config(alias="index_criterion", meta={"distribute_by": "agency_code"}) }}

-- One row per unit, period and criterion: the scored ones, and above them the index fields and criteria that they add
-- up to (no figure of their own). The stage of a sum is that of its least advanced part.
with leaf_above as (
    select
        leaf.framework,
        leaf.version,
        leaf.block,
        leaf.code as leaf,
        above.code
    from {{ ref('framework_criterion') }} as leaf
    left join {{ ref('framework_criterion') }} as parent
        on
            leaf.framework = parent.framework
            and leaf.version = parent.version
            and leaf.block = parent.block
            and leaf.parent = parent.code
    cross join lateral (values (leaf.code), (leaf.parent), (parent.parent)) as above (code)
    where
        leaf.is_leaf
        and above.code is not null
),

summed as (
    select
        score.agency_code,
        score.period_code,
        score.framework,
        score.version,
        score.block,
        leaf_above.code,
        trim_scale(sum(score.points_applicable)) as points_applicable,
        trim_scale(sum(score.points)) as points,
        min(score.figure) filter (where score.code = leaf_above.code) as figure,
        min(score.value) filter (where score.code = leaf_above.code) as value,
        case
            when bool_or(score.stage = 'not_started') then 'not_started'
            when bool_or(score.stage = 'measured') then 'measured'
            else 'final'
        end as stage
    from {{ ref('criterion_score') }} as score
    inner join leaf_above
        on
            score.framework = leaf_above.framework
            and score.version = leaf_above.version
            and score.block = leaf_above.block
            and score.code = leaf_above.leaf
    group by
        score.agency_code, score.period_code, score.framework, score.version, score.block, leaf_above.code
)

select
    summed.agency_code,
    summed.period_code,
    summed.framework,
    summed.version,
    summed.code,
    criterion.parent,
    criterion.title_vi,
    criterion.points as points_max,
    summed.points_applicable,
    summed.points,
    summed.figure,
    summed.value,
    summed.stage
from summed
inner join {{ ref('framework_criterion') }} as criterion
    on
        summed.framework = criterion.framework
        and summed.version = criterion.version
        and summed.block = criterion.block
        and summed.code = criterion.code

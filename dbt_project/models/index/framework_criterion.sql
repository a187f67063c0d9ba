{{ config(meta={"reference": true}, materialized="table") }}

-- The criteria of the province's frameworks, each with whether it is scored itself (a leaf) or sums others up.
with parent as (
    select distinct
        framework,
        version,
        block,
        parent as code
    from {{ source('reference', 'criterion') }}
    where province = {{ province() }}
)

select
    criterion.framework,
    criterion.version,
    criterion.block,
    criterion.code,
    criterion.parent,
    criterion.title_vi,
    trim_scale(criterion.points) as points,
    criterion.measure,
    criterion.rule,
    criterion.parameters,
    criterion.empty_result,
    criterion.year_from,
    criterion.year_to,
    parent.code is null as is_leaf
from {{ source('reference', 'criterion') }} as criterion
left join parent
    on
        criterion.framework = parent.framework
        and criterion.version = parent.version
        and criterion.block = parent.block
        and criterion.code = parent.code
where criterion.province = {{ province() }}

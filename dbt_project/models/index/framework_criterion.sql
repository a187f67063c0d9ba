{{ config(meta={"reference": true}, materialized="table") }}

-- The criteria of the province's frameworks, each with whether it is scored itself (a leaf) or sums others up.
select
    criterion.framework,
    criterion.version,
    criterion.block,
    criterion.code,
    criterion.parent,
    criterion.title_vi,
    criterion.points,
    criterion.measure,
    criterion.rule,
    criterion.parameters,
    criterion.empty_result,
    criterion.year_from,
    criterion.year_to,
    child.parent is null as is_leaf
from {{ source('reference', 'criterion') }} as criterion
left join (
    select distinct
        framework,
        version,
        block,
        parent
    from {{ source('reference', 'criterion') }}
    where province = {{ province() }}
) as child
    on
        criterion.framework = child.framework
        and criterion.version = child.version
        and criterion.block = child.block
        and criterion.code = child.parent
where criterion.province = {{ province() }}

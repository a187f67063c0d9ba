-- A criterion with a rule names a measure of the catalogue, what an empty denominator gives, and whole parameters;
-- its parent, if it names one, is there.
select
    criterion.framework,
    criterion.version,
    criterion.block,
    criterion.code
from {{ ref('framework_criterion') }} as criterion
left join {{ ref('measure') }} as measure on criterion.measure = measure.measure
left join {{ ref('framework_criterion') }} as parent
    on
        criterion.framework = parent.framework
        and criterion.version = parent.version
        and criterion.block = parent.block
        and criterion.parent = parent.code
where
    (criterion.parent is not null and parent.code is null)
    or (
        criterion.rule is not null
        and (
            measure.measure is null
            or criterion.empty_result is null
            or (
                criterion.rule = 'bands'
                and coalesce(jsonb_array_length(
                    coalesce(criterion.parameters -> 'bands', criterion.parameters -> 'at_most')
                ), 0) = 0
            )
            or (
                criterion.rule = 'proportional'
                and coalesce((criterion.parameters ->> 'target')::numeric, 0) <= 0
            )
        )
    )

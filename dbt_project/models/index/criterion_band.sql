-- The bands of the rule `bands`, in the order given; the first one met counts. `bands` are met from their bound up
-- (above it when `strict`), `at_most` down to it.
select
    criterion.framework,
    criterion.version,
    criterion.block,
    criterion.code,
    band.number,
    criterion.parameters ? 'at_most' as is_ceiling,
    coalesce((criterion.parameters ->> 'strict')::boolean, false) as is_strict,
    (band.pair ->> 0)::numeric as bound,
    (band.pair ->> 1)::numeric as points
from {{ ref('framework_criterion') }} as criterion
cross join
    lateral jsonb_array_elements(
        coalesce(criterion.parameters -> 'at_most', criterion.parameters -> 'bands')
    ) with ordinality as band (pair, number)
where criterion.rule = 'bands'

-- A duty names a measure of the catalogue that is made for the duty's periods, or says that none is made yet; a target
-- where one is needed.
select
    obligation.obligation,
    obligation.directive,
    obligation.measure,
    obligation.applies_to
from {{ source('reference', 'obligation') }} as obligation
left join {{ ref('measure') }} as measure on obligation.measure = measure.measure
where
    obligation.province = {{ province() }}
    and (
        (measure.measure is null and not obligation.awaits_measure)
        or not string_to_array(obligation.periods, ' ') <@ string_to_array(measure.periods, ' ')
        or not string_to_array(obligation.due_periods, ' ') <@ string_to_array(obligation.periods, ' ')
        or (obligation.target_kind = 'at_least' and obligation.target is null)
    )

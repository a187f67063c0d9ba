-- A duty names a measure of the catalogue that is made for the duty's periods, and a target where one is needed.
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
        measure.measure is null
        or not string_to_array(obligation.periods, ' ') <@ string_to_array(measure.periods, ' ')
        or (obligation.target_kind = 'at_least' and obligation.target is null)
        or obligation.applies_to not in (
            'province', 'agency', 'department', 'district', 'commune', 'one_stop'
        )
    )

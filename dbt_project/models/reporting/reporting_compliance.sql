{{ config(alias="compliance", meta={"distribute_by": "agency_code"}) }}

-- The status of every duty. In order: out of force, not due before the period ends (except a count that must be zero,
-- and information), no data, nothing to judge (0/0), then the target.
with measure as (
    select
        measure,
        max(version) as version
    from {{ ref('measure') }}
    group by measure
)

select
    duty.agency_code,
    duty.period_code,
    duty.obligation,
    duty.directive,
    duty.clause,
    duty.measure,
    duty.target,
    duty.target_kind,
    {{ figure("duty.measure", "coalesce(measure.version, 1)", "duty.agency_code", "duty.period_code", "''") }}
        as figure,
    figure.value,
    case
        when not duty.is_in_force then 'not_applicable'
        when duty.is_open and duty.target_kind not in ('zero', 'information') then 'not_due'
        when coalesce(figure.status, 'M') = 'M' then 'no_data'
        when duty.target_kind in ('information', 'trend') then 'information'
        when duty.target_kind = 'by_plan' and duty.target is null then 'information'
        when figure.value is null then 'not_applicable'
        when duty.target_kind = 'zero' and figure.value = 0 then 'met'
        when duty.target_kind = 'done' and figure.value >= coalesce(duty.target, 1) then 'met'
        when duty.target_kind in ('at_least', 'by_plan') and figure.value >= duty.target then 'met'
        else 'not_met'
    end as status
from {{ ref('unit_obligation') }} as duty
left join measure on duty.measure = measure.measure
left join {{ ref('reporting_measure') }} as figure
    on
        duty.agency_code = figure.agency_code
        and duty.period_code = figure.period_code
        and measure.measure = figure.measure
        and measure.version = figure.version
        and figure.dim = ''

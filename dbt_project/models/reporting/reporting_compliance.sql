{{ config(alias="compliance", meta={"distribute_by": "agency_code"}) }}

-- The status of every duty. In order: out of force, not due yet (an open period, a period at whose end no target falls
-- due; a count that must be zero and a programme's course are judged at once), no data, nothing to judge (0/0), then
-- the target. A trend without the year before, and a plan that asks nothing, are information.
with judged as (
    select
        *,
        case
            when not is_in_force then 'not_applicable'
            when target_kind <> 'information' and not falls_due then 'not_due'
            when is_open and target_kind not in ('zero', 'information') and target_rule is null then 'not_due'
            when figure_status = 'M' then 'no_data'
            when target_kind = 'information' then 'information'
            when target_kind = 'by_plan' and target is null then 'information'
            when value is null and (target_kind <> 'done' or measure_kind = 'yes_no') then 'not_applicable'
            when target_kind = 'trend' and previous_value is null then 'information'
            when {{ meets_target() }} then 'met'
            else 'not_met'
        end as status
    from {{ ref('duty_figure') }}
),

broken as (
    select distinct on (whole.agency_code, whole.period_code, whole.obligation, whole.directive, whole.measure)
        whole.agency_code,
        whole.period_code,
        whole.obligation,
        whole.directive,
        whole.measure,
        part.cutoff_on as first_broken_on,
        part.period_kind as first_broken_by
    from judged as whole
    inner join judged as part
        on
            whole.agency_code = part.agency_code
            and whole.obligation = part.obligation
            and whole.directive = part.directive
            and whole.measure = part.measure
            and whole.starts_on <= part.starts_on
            and whole.cutoff_on >= part.cutoff_on
    where
        whole.status = 'not_met'
        and part.status = 'not_met'
        and (whole.target_kind in ('zero', 'at_least') or part.period_code = whole.period_code)
    order by
        whole.agency_code, whole.period_code, whole.obligation, whole.directive, whole.measure,
        part.cutoff_on, part.cutoff_on - part.starts_on
)

select
    judged.agency_code,
    judged.period_code,
    judged.obligation,
    judged.directive,
    judged.clause,
    judged.measure,
    judged.target,
    judged.target_kind,
    judged.figure,
    judged.value,
    judged.status,
    judged.clause_rank,
    judged.direction,
    judged.numerator,
    judged.denominator,
    judged.previous_value,
    trim_scale(judged.value - judged.previous_value) as change,
    broken.first_broken_on,
    broken.first_broken_by,
    coverage.coverage
from judged
left join broken
    on
        judged.agency_code = broken.agency_code
        and judged.period_code = broken.period_code
        and judged.obligation = broken.obligation
        and judged.directive = broken.directive
        and judged.measure = broken.measure
left join {{ ref('measure_coverage') }} as coverage
    on
        judged.agency_code = coverage.agency_code
        and judged.period_code = coverage.period_code
        and judged.feeds = coverage.feeds

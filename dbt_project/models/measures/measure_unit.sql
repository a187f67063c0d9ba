{{ config(meta={"distribute_by": "agency_code"}) }}

-- Every measure of every unit in every period of its kinds. A collected feed without rows is 0 (of 0); a feed that was
-- not collected, or not yet, has no numerator. Dimensions are given where there is something to count. The same number
-- has the same digits (0, never 0.00): releases compare them as text.
with collected as (
    select
        unit_feed.agency_code,
        measure.measure,
        measure.version,
        max(unit_feed.first_on) as first_on
    from {{ ref('measure') }} as measure
    inner join {{ ref('unit_feed') }} as unit_feed on unit_feed.feed = any(string_to_array(measure.feeds, ' '))
    group by unit_feed.agency_code, measure.measure, measure.version, measure.feeds
    having count(*) = cardinality(string_to_array(measure.feeds, ' '))
),

expected as (
    select
        unit.agency_code,
        unit.period_code,
        unit.level,
        measure.measure,
        measure.version,
        measure.kind,
        coalesce(collected.first_on <= unit.cutoff_on, false) as is_collected
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('measure') }} as measure
        on unit.period_kind = any(string_to_array(measure.periods, ' '))
    left join collected
        on
            unit.agency_code = collected.agency_code
            and measure.measure = collected.measure
            and measure.version = collected.version
),

counted as (
    {{ stack([
        "measure_dossier", "measure_plan_task", "measure_staff", "measure_survey", "measure_one_stop",
        "measure_overdue_age",
    ]) }}
)

select
    expected.agency_code,
    expected.period_code,
    expected.level,
    expected.measure,
    expected.version,
    expected.kind,
    coalesce(counted.dim, '') as dim,
    expected.is_collected,
    case
        when not expected.is_collected then null
        when expected.kind = 'duration' then counted.numerator
        else coalesce(trim_scale(counted.numerator), 0)
    end as numerator,
    case
        when expected.is_collected and expected.kind in ('ratio', 'yes_no')
            then coalesce(trim_scale(counted.denominator), 0)
    end as denominator
from expected
left join counted
    on
        expected.agency_code = counted.agency_code
        and expected.period_code = counted.period_code
        and expected.measure = counted.measure
        and expected.version = counted.version

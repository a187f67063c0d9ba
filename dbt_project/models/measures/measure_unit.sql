{{ config(meta={"distribute_by": "agency_code"}) }}

-- Every measure of every unit in every period of its kinds. A collected feed without rows is 0 (of 0); a feed that was
-- not collected, or not yet, has no numerator. `collected_by` rows: not without rows either; either: rows about a unit
-- will do, whoever sent them. Dimensions are given where there is something to count. The same number has the same
-- digits (0, never 0.00): releases compare them as text.
with collected as (
    select
        unit_feed.agency_code,
        measure.measure,
        measure.version,
        max(unit_feed.first_on) as first_on
    from {{ ref('measure') }} as measure
    cross join
        lateral unnest(
            string_to_array(measure.feeds, ' '), string_to_array(measure.contract_versions, ' ')::int[]
        ) as needed (feed, contract_version)
    inner join {{ ref('unit_feed') }} as unit_feed
        on
            needed.feed = unit_feed.feed
            and needed.contract_version <= unit_feed.contract_version
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
        measure.collected_by,
        coalesce(collected.first_on <= unit.cutoff_on, false) as is_collected
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('measure') }} as measure
        on
            unit.period_kind = any(string_to_array(measure.periods, ' '))
            and measure.made_of = 'rows'
            and (measure.valid_from is null or unit.ends_on >= measure.valid_from)
            and (measure.valid_to is null or unit.ends_on < measure.valid_to)
    left join collected
        on
            unit.agency_code = collected.agency_code
            and measure.measure = collected.measure
            and measure.version = collected.version
    left join {{ ref('fct_organisation') }} as organisation on unit.agency_code = organisation.agency_code
    where
        case measure.units
            when 'agency' then unit.block is not null
            when 'one_stop' then organisation.one_stop_since <= unit.cutoff_on
            when 'province' then unit.kind = 'province'
            else true
        end
),

counted as (
    {{ stack(measure_models()) }}
),

known as (
    select
        expected.agency_code,
        expected.period_code,
        expected.level,
        expected.measure,
        expected.version,
        expected.kind,
        coalesce(counted.dim, '') as dim,
        case expected.collected_by
            when 'rows' then expected.is_collected and counted.agency_code is not null
            when 'either' then expected.is_collected or counted.agency_code is not null
            else expected.is_collected
        end as is_collected,
        counted.numerator,
        counted.denominator
    from expected
    left join counted
        on
            expected.agency_code = counted.agency_code
            and expected.period_code = counted.period_code
            and expected.measure = counted.measure
            and expected.version = counted.version
)

select
    agency_code,
    period_code,
    level,
    measure,
    version,
    kind,
    dim,
    is_collected,
    case
        when not is_collected then null
        when kind = 'duration' then numerator
        else coalesce(trim_scale(numerator), 0)
    end as numerator,
    case
        when not is_collected then null
        when kind = 'ratio' then coalesce(trim_scale(denominator), 0)
        when kind = 'yes_no' then 1 -- a unit that nothing speaks of says no
    end as denominator
from known

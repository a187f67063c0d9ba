-- Of the deliveries that a unit was expected to send for the periods that end within a period, the share that can be
-- used, by the feeds that a measure is made of; the province's is that of all units. Nothing expected: no row.
with told as (
    select
        agency_code,
        feed,
        period_code,
        usable
    from {{ source('ops', 'unit_coverage') }}
    where
        cut_id = {{ cut_id() }}
        and expected = 1
),

made_of as (
    select distinct
        measure.feeds,
        one.feed
    from {{ ref('measure') }} as measure
    cross join lateral unnest(string_to_array(measure.feeds, ' ')) as one (feed)
),

within as (
    select
        period.period_code,
        part.period_code as part_code
    from {{ ref('reporting_period') }} as period
    inner join {{ source('reference', 'period') }} as part
        on
            part.ends_on between period.starts_on and period.ends_on
            and part.province = {{ province() }}
),

counted as (
    select
        told.agency_code,
        within.period_code,
        made_of.feeds,
        sum(told.usable) as usable,
        count(*) as expected
    from told
    inner join made_of on told.feed = made_of.feed
    inner join within on told.period_code = within.part_code
    group by told.agency_code, within.period_code, made_of.feeds
),

province as (
    select
        unit.agency_code,
        counted.period_code,
        counted.feeds,
        sum(counted.usable) as usable,
        sum(counted.expected) as expected
    from counted
    inner join {{ ref('stg_unit') }} as unit on unit.kind = 'province'
    group by unit.agency_code, counted.period_code, counted.feeds
)

select
    counted.agency_code,
    counted.period_code,
    counted.feeds,
    trim_scale(counted.usable / counted.expected::numeric) as coverage
from counted
where counted.agency_code not in (select province.agency_code from province)
union all
select
    province.agency_code,
    province.period_code,
    province.feeds,
    trim_scale(province.usable / province.expected) as coverage
from province

-- One row per feed: periods where more came than was expected, and units that exist and owe, but are not listed.
with counted as (
    select
        feed,
        period_code,
        sum(expected) as expected,
        greatest(sum(arrived), sum(accepted), sum(usable), sum(on_time)) as most
    from ops.unit_coverage
    where cut_id = %(cut_id)s
    group by feed, period_code
),
owing as (
    select
        calendar.feed,
        period.period_code,
        unit.agency_code
    from ops.cut as cut
    inner join reference.delivery_calendar as calendar on cut.province = calendar.province
    inner join reference.period as period
        on
            calendar.province = period.province
            and calendar.period_kind = period.kind
            and period.ends_on >= calendar.valid_from
            and (calendar.valid_to is null or period.ends_on < calendar.valid_to)
    inner join counted on calendar.feed = counted.feed and period.period_code = counted.period_code
    inner join reference.unit as unit
        on
            cut.province = unit.province
            and unit.valid_from <= period.ends_on
            and (unit.valid_to is null or unit.valid_to > period.ends_on)
            and (calendar.applies_to = unit.kind or calendar.applies_to = 'agency' and unit.block is not null)
    where cut.cut_id = %(cut_id)s
),
missed as (
    select
        owing.feed,
        count(*) as units
    from owing
    left join ops.unit_coverage as covered
        on
            owing.agency_code = covered.agency_code
            and owing.feed = covered.feed
            and owing.period_code = covered.period_code
            and covered.cut_id = %(cut_id)s
    where covered.agency_code is null
    group by owing.feed
)
select
    counted.feed,
    count(*) filter (where counted.most > counted.expected) as over_hundred,
    coalesce(max(missed.units), 0) as not_listed
from counted
left join missed on counted.feed = missed.feed
group by counted.feed
union all
select
    'whole',
    0,
    0
order by 1

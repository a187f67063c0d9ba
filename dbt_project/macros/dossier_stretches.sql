{#
  Stretches: the time between two neighbouring bounds of the calendar's periods (of all but single days), named by its last
  day. Every period is whole stretches, so what is counted by stretch is a flow of any period and a stock at any bound.
#}

{# One row: for each day from `first_day` on the stretch that holds it (`by_day`). Days before are in the first stretch. #}
{% macro stretch_ends() -%}
    select
        ends.days[1] as first_day,
        (
            select array_agg(ends.days[width_bucket(day::date - 1, ends.days) + 1] order by day)
            from generate_series(ends.days[1], ends.days[cardinality(ends.days)], interval '1 day') as day
        ) as by_day
    from (
        select array_agg(distinct bound.day order by bound.day) as days
        from {{ source('reference', 'period') }} as period
        cross join lateral (values (period.starts_on - 1), (period.ends_on)) as bound (day)
        where
            period.province = {{ province() }}
            and period.kind <> 'day'
    ) as ends
{%- endmacro %}

{# The stretch that holds a day; a CTE `stretch` of stretch_ends() stands in the model. Subselects, which parallel workers
   can see and a join to a common table would keep them from; empty for no day, and for one after the last stretch. #}
{% macro stretch_of(day) -%}
    {%- set place = "(" ~ day ~ " - (select stretch.first_day from stretch))" -%}
    (select stretch.by_day from stretch)[{{ place }} * ({{ place }} > 0)::int + 1]
{%- endmacro %}

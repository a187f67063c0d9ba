{#
  Stretches: the time between two neighbouring bounds of the calendar's periods (of all but single days), named by its last
  day. Every period is whole stretches, so what is counted by stretch is a flow of any period and a stock at any bound.
#}

{# One row: for each day from `first_day` on the stretch that holds it; `by_day` is indexed by the days since 1970, so that
   a lookup is a subtraction. Days before are in the first stretch. #}
{% macro stretch_ends() -%}
    select
        ends.days[1] as first_day,
        (
            select
                case
                    when count(*) > 0 then format(
                        '[%s:%s]=%s', min(day::date) - date '1970-01-01', max(day::date) - date '1970-01-01',
                        array_agg(ends.days[width_bucket(day::date - 1, ends.days) + 1] order by day)
                    )::date []
                end
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
    coalesce(
        (select stretch.by_day from stretch)[{{ day }} - date '1970-01-01'],
        case when {{ day }} < (select stretch.first_day from stretch) then (select stretch.first_day from stretch) end
    )
{%- endmacro %}

{# The stretch in which a dossier ended, `infinity` of one that is open. #}
{% macro closed_stretch(closed_on) -%}
    coalesce({{ stretch_of(closed_on) }}, 'infinity')
{%- endmacro %}

{# The stretch in which a dossier fell overdue; of an open one the day itself, since it may lie ahead. #}
{% macro overdue_stretch(overdue_on, closed_on) -%}
    coalesce(case when {{ closed_on }} is null then {{ overdue_on }} else {{ stretch_of(overdue_on) }} end, 'infinity')
{%- endmacro %}

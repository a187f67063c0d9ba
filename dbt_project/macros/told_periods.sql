{#
  The bounds of the periods that a unit's rows name, from a CTE `rows` with agency_code and period. `whole_…`: the
  shortest longer period that it also told of (a quarter beside its months): within a unit's period that holds both, only
  the whole counts. `next_ends_on`: the end of the period after it: within one that holds both, it is the newer state.
#}
{% macro told_periods(rows) %}
    {%- set holds -%}
        other.starts_on <= named.starts_on and other.ends_on >= named.ends_on and other.period <> named.period
    {%- endset %}
    named as (
        select distinct
            told.agency_code,
            told.period,
            period.starts_on,
            period.ends_on
        from {{ rows }} as told
        inner join {{ source('reference', 'period') }} as period
            on
                told.period = period.period_code
                and period.province = {{ province() }}
    ),

    told_period as (
        select
            named.agency_code,
            named.period,
            named.starts_on,
            named.ends_on,
            (
                array_agg(other.starts_on order by other.ends_on - other.starts_on)
                filter (where {{ holds }})
            )[1] as whole_starts_on,
            (
                array_agg(other.ends_on order by other.ends_on - other.starts_on)
                filter (where {{ holds }})
            )[1] as whole_ends_on,
            min(other.ends_on) filter (where other.starts_on > named.ends_on) as next_ends_on
        from named
        inner join named as other
            on
                named.agency_code = other.agency_code
                and other.starts_on between named.starts_on - 366 and named.ends_on + 366
        group by named.agency_code, named.period, named.starts_on, named.ends_on
    )
{% endmacro %}

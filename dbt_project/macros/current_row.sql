{# The newest version of each key in a staged log: by the source's version, then by delivery and line. #}
{% macro current_row(log, key) %}
    select distinct on ({{ key | join(", ") }}) log.*
    from {{ log }} as log
    order by {{ key | join(", ") }}, log._version desc, log._delivery desc, log._line desc
{% endmacro %}

{#
  The same for a log of millions of rows, of which few stand twice: only keys that can stand twice are sorted. Those are
  the keys outside their unit's largest delivery that holds every key once; a pre-hook lists them beside the relation.
#}
{% macro current_row_of_many(log, key, relation) %}
    {% set contended -%}
        (
            select from {{ beside(relation, "contended") }} as contended
            where {% for name in key %}contended.{{ name }} = log.{{ name }}{{ " and " if not loop.last }}{% endfor %}
        )
    {%- endset %}
    select log.*
    from {{ log }} as log
    where not exists {{ contended }}
    union all
    (
        select distinct on ({{ key | join(", ") }}) log.*
        from {{ log }} as log
        where exists {{ contended }}
        order by {{ key | join(", ") }}, log._version desc, log._delivery desc, log._line desc
    )
{% endmacro %}

{# Lists the contended keys of a feed's accepted rows; a table of its own, so that the planner knows how many they are. #}
{% macro list_contended_keys(relation, feed, key) %}
    drop table if exists {{ beside(relation, "contended") }};
    create unlogged table {{ beside(relation, "contended") }} as
    with largest as (
        select distinct on (share.agency_code)
            share.agency_code,
            share.delivery_id
        from {{ source("ops", "delivery_unit") }} as share
        inner join {{ source("ops", "delivery") }} as delivery on share.delivery_id = delivery.delivery_id
        inner join {{ source("ops", "cut_delivery") }} as cut_delivery on share.delivery_id = cut_delivery.delivery_id
        where
            delivery.feed = '{{ feed }}'
            and delivery.keys_once
            and cut_delivery.cut_id = {{ cut_id() }}
            and cut_delivery.in_force
        order by share.agency_code, share.rows desc, share.delivery_id
    )
    select distinct {% for name in key %}log.{{ name }}{{ ", " if not loop.last }}{% endfor %}
    from {{ source("accepted", feed) }} as log
    inner join {{ source("ops", "cut_delivery") }} as cut_delivery on log._delivery = cut_delivery.delivery_id
    where
        cut_delivery.cut_id = {{ cut_id() }}
        and cut_delivery.in_force
        and not exists (
            select from largest
            where largest.agency_code = log.agency_code and largest.delivery_id = log._delivery
        );
    analyze {{ beside(relation, "contended") }}
{% endmacro %}

{% macro drop_contended_keys(relation) %}drop table if exists {{ beside(relation, "contended") }}{% endmacro %}

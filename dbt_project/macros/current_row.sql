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

{#
  Lists the contended keys of a feed's accepted rows; a table of its own, so that the planner knows how many they are. Most
  units have one delivery, so only rows of the other ones are read.
#}
{% macro list_contended_keys(relation, feed, key) %}
    drop table if exists {{ beside(relation, "contended") }};
    create unlogged table {{ beside(relation, "contended") }} as
    with share as materialized (
        select
            delivery.delivery_id,
            unit.agency_code, -- none: nobody has counted whose rows they are
            unit.agency_code is not null
            and delivery.keys_once
            and row_number() over (
                partition by unit.agency_code, delivery.keys_once order by unit.rows desc, delivery.delivery_id
            ) = 1 as is_largest
        from {{ source("ops", "cut_delivery") }} as cut_delivery
        inner join {{ source("ops", "delivery") }} as delivery on cut_delivery.delivery_id = delivery.delivery_id
        left join {{ source("ops", "delivery_unit") }} as unit on delivery.delivery_id = unit.delivery_id
        where
            delivery.feed = '{{ feed }}'
            and cut_delivery.cut_id = {{ cut_id() }}
            and cut_delivery.in_force
    )
    select distinct {% for name in key %}log.{{ name }}{{ ", " if not loop.last }}{% endfor %}
    from share
    inner join {{ source("accepted", feed) }} as log
        on
            share.delivery_id = log._delivery
            and coalesce(share.agency_code, log.agency_code) = log.agency_code
    where not share.is_largest;
    analyze {{ beside(relation, "contended") }}
{% endmacro %}

{% macro drop_contended_keys(relation) %}drop table if exists {{ beside(relation, "contended") }}{% endmacro %}

{#
  fct_dossier carries the cut it was made from as its table comment, written in the transaction that changes its rows.
  A night that failed after the facts, or before them, thus never makes the next one start from a wrong place, whatever
  `since_cut_id` says; 0 there makes every key count as changed. (No var is read by a config: the night parses the
  project once and runs many cuts with it.)
#}

{% macro mark_cut(relation) %}comment on table {{ relation }} is 'cut {{ cut_id() }}'{% endmacro %}

{# The cut a relation was made from; 0 when unknown or when its list of deliveries is no longer there. #}
{% macro made_from_cut(relation) %}
    {% if not execute or var("since_cut_id") | int == 0 %}{{ return(0) }}{% endif %}
    {% set answer = run_query(
        "select cut_delivery.cut_id from " ~ source("ops", "cut_delivery") ~ " as cut_delivery where 'cut ' "
        ~ "|| cut_delivery.cut_id = obj_description('" ~ relation ~ "'::regclass, 'pg_class') limit 1"
    ) %}
    {{ return(answer.columns[0].values()[0] | int if answer.rows else 0) }}
{% endmacro %}

{# Deliveries in force in exactly one of the two cuts: those that came and those that left. #}
{% macro changed_deliveries(relation) %}
    select cut_delivery.delivery_id
    from {{ source("ops", "cut_delivery") }} as cut_delivery
    where cut_delivery.in_force
    group by cut_delivery.delivery_id
    having
        bool_or(cut_delivery.cut_id = {{ cut_id() }})
        <> bool_or(cut_delivery.cut_id = {{ made_from_cut(relation) }})
{% endmacro %}

{# Rows whose delivery no longer counts go first: a key whose last row left has nothing to replace it. #}
{% macro drop_rows_out_of_cut(relation) %}
    {% if is_incremental() %}
        delete from {{ relation }}
        where _delivery not in (
            select cut_delivery.delivery_id
            from {{ source("ops", "cut_delivery") }} as cut_delivery
            where cut_delivery.cut_id = {{ cut_id() }} and cut_delivery.in_force
        )
    {% endif %}
{% endmacro %}

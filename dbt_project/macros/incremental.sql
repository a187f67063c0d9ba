{#
  fct_dossier carries the cut it was made from as its table comment, written in the transaction that changes its rows.
  A night that failed after the facts, or before them, thus never makes the next one start from a wrong place, whatever
  `since_cut_id` says; 0 there makes every key count as changed. (No var is read by a config: the night parses the
  project once and runs many cuts with it.)
#}

{% macro mark_cut(relation) %}comment on table {{ relation }} is 'cut {{ cut_id() }}'{% endmacro %}

{# The ids of deliveries that came into tonight's cut since the relation was made, or (`came=false`) that left it. As
   numbers in the statement they let the planner know how few rows they are. #}
{% macro moved_deliveries(relation, came) %}
    {% if not execute %}{{ return([]) }}{% endif %}
    {% set ours = "select delivery_id from " ~ source("ops", "cut_delivery") ~ " where in_force and cut_id = " ~ cut_id() %}
    {% set theirs = "select delivery_id from " ~ source("ops", "cut_delivery") ~ " where in_force and cut_id = " ~ made_from_cut(relation) %}
    {% set moved = ours ~ " except " ~ theirs if came else theirs ~ " except " ~ ours %}
    {{ return(run_query(moved ~ " order by 1").columns[0].values() | list) }}
{% endmacro %}

{# The cut a relation was made from; 0 when unknown or when its list of deliveries is no longer there. #}
{% macro made_from_cut(relation) %}
    {% if not execute or var("since_cut_id") | int == 0 %}{{ return(0) }}{% endif %}
    {% set answer = run_query(
        "select cut_delivery.cut_id from " ~ source("ops", "cut_delivery") ~ " as cut_delivery where 'cut ' "
        ~ "|| cut_delivery.cut_id = obj_description('" ~ relation ~ "'::regclass, 'pg_class') limit 1"
    ) %}
    {{ return(answer.columns[0].values()[0] | int if answer.rows else 0) }}
{% endmacro %}

{# Deliveries whose keys are read anew: those that came and those that left. #}
{% macro changed_deliveries(relation) -%}
    {{ (moved_deliveries(relation, true) + moved_deliveries(relation, false) + [0]) | join(", ") }}
{%- endmacro %}

{# Rows whose delivery no longer counts go first: a key whose last row left has nothing to replace it. #}
{% macro drop_rows_out_of_cut(relation) %}
    {% if is_incremental() %}
        {% if made_from_cut(relation) == 0 %}
            delete from {{ relation }}
            where _delivery not in ({{ (moved_deliveries(relation, true) + [0]) | join(", ") }})
        {% else %}
            {% set left = moved_deliveries(relation, false) %}
            {% if left %}delete from {{ relation }} where _delivery in ({{ left | join(", ") }}){% endif %}
        {% endif %}
    {% endif %}
{% endmacro %}

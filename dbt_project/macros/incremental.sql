{#
  fct_dossier says in its table comment which cut it was made from and by which code, written in the transaction that
  changes its rows. So a night that failed before or after the facts never makes the next one start from a wrong place,
  whatever `since_cut_id` says, and changed code never leaves rows of the old one: it builds from nothing. 0 in
  `since_cut_id` asks for that too. (No var is read by a config: the night parses the project once for many cuts.)
#}

{% macro mark_cut(relation) -%}
    comment on table {{ relation }} is 'cut {{ cut_id() }} by {{ local_md5(model.raw_code) }}'
{%- endmacro %}

{# The cut a relation was made from; 0 when that is unknown, long gone, made by other code, or not to be built upon. #}
{% macro made_from_cut(relation) %}
    {% if not execute or var("since_cut_id") | int == 0 %}{{ return(0) }}{% endif %}
    {% set answer = run_query(
        "select cut_delivery.cut_id from " ~ source("ops", "cut_delivery") ~ " as cut_delivery where 'cut ' || "
        ~ "cut_delivery.cut_id || ' by " ~ local_md5(model.raw_code) ~ "' = obj_description(to_regclass('" ~ relation
        ~ "'), 'pg_class') limit 1"
    ) %}
    {{ return(answer.columns[0].values()[0] | int if answer.rows else 0) }}
{% endmacro %}

{# Overrides dbt's own: what is_incremental() and the materialization ask. #}
{% macro should_full_refresh() %}
    {% if not execute or model.config.materialized != "incremental" or dbt.should_full_refresh() %}
        {{ return(dbt.should_full_refresh()) }}
    {% endif %}
    {{ return(made_from_cut(this) == 0) }}
{% endmacro %}

{# The ids of deliveries that came into tonight's cut since the relation was made, or (`came=false`) that left it. As
   numbers in the statement they let the planner know how few rows they are; 0 is no delivery's. #}
{% macro moved_deliveries(relation, came) %}
    {% if not execute %}{{ return([0]) }}{% endif %}
    {% set force = "select delivery_id from " ~ source("ops", "cut_delivery") ~ " where in_force and cut_id = " %}
    {% set now_and_then = [force ~ cut_id(), force ~ made_from_cut(relation)] %}
    {% set moved = (now_and_then if came else now_and_then | reverse) | join(" except ") %}
    {{ return([0] + (run_query(moved ~ " order by 1").columns[0].values() | list)) }}
{% endmacro %}

{# Deliveries whose keys are read anew: those that came and those that left. #}
{% macro changed_deliveries(relation) -%}
    {{ (moved_deliveries(relation, true) + moved_deliveries(relation, false)) | join(", ") }}
{%- endmacro %}

{# Rows whose delivery no longer counts go first: a key whose last row left has nothing to replace it. #}
{% macro drop_rows_out_of_cut(relation) %}
    {% if is_incremental() %}
        {% set left = moved_deliveries(relation, false) %}
        {% if left | length > 1 %}delete from {{ relation }} where _delivery in ({{ left | join(", ") }}){% endif %}
    {% endif %}
{% endmacro %}

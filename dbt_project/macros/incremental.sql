{#
  Beside fct_dossier stands a table of one row: the cut it was made from and by which code, written in the transaction
  that changes its rows. So a night that failed before or after the facts never makes the next one start from a wrong
  place, whatever `since_cut_id` says, and changed code never leaves rows of the old one: it builds from nothing. 0 in
  `since_cut_id` asks for that too. Both tables are unlogged: a crash empties both, and facts without their mark are
  built anew. (No var is read by a config: the night parses the project once for many cuts.)
#}

{% macro cut_mark(relation) -%}
    {{ relation.include(identifier=false) }}.{{ relation.identifier }}__made
{%- endmacro %}

{% macro mark_cut(relation) -%}
    create unlogged table if not exists {{ cut_mark(relation) }} (cut_id bigint not null, code text not null);
    delete from {{ cut_mark(relation) }};
    insert into {{ cut_mark(relation) }} values ({{ cut_id() }}, '{{ local_md5(model.raw_code) }}')
{%- endmacro %}

{# The cut a relation was made from; 0 when that is unknown, lost, long gone, made by other code, or not to be built upon. #}
{% macro made_from_cut(relation) %}
    {% if not execute or var("since_cut_id") | int == 0 %}{{ return(0) }}{% endif %}
    {% set there = run_query("select to_regclass('" ~ cut_mark(relation) ~ "') is not null") %}
    {% if not there.columns[0].values()[0] %}{{ return(0) }}{% endif %}
    {% set answer = run_query(
        "select mark.cut_id from " ~ cut_mark(relation) ~ " as mark where mark.code = '" ~ local_md5(model.raw_code)
        ~ "' and exists (select from " ~ source("ops", "cut_delivery") ~ " as kept where kept.cut_id = mark.cut_id)"
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

{#
  Which staged rows may be newer than what an incremental fact holds: those of deliveries that came, and every version of
  a key that a delivery which left had spoken of. Few as a rule, so an index finds the held rows.
#}
{% macro may_have_changed(relation, feed, key) -%}
    {%- set left = moved_deliveries(relation, false) -%}
    _delivery in ({{ moved_deliveries(relation, true) | join(", ") }})
    {%- if left | length > 1 %}
    or ({{ key | join(", ") }}) in (
        select {% for name in key %}changed.{{ name }}{{ ", " if not loop.last }}{% endfor %}
        from {{ source("accepted", feed) }} as changed
        where changed._delivery in ({{ left | join(", ") }})
    )
    {%- endif %}
{%- endmacro %}

{#
  Before a fact: a whole build lists its contended keys; an incremental one first drops the rows whose delivery no longer
  counts, since a key whose last row left has nothing to replace it.
#}
{% macro prepare_newest(relation, feed, key) %}
    {% if not is_incremental() %}{{ return(list_contended_keys(relation, feed, key)) }}{% endif %}
    {% set left = moved_deliveries(relation, false) %}
    {% if left | length > 1 %}delete from {{ relation }} where _delivery in ({{ left | join(", ") }}){% endif %}
{% endmacro %}

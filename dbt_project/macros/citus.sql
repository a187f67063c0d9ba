{#
  One machine: dbt's own statement, untouched. On Citus (var `citus`) a plain `create table as` makes a table local to
  the coordinator and every test still passes, so a model marked `meta: {distribute_by: <column>}` is made empty,
  distributed, and then filled; one marked `meta: {reference: true}` is copied to every node.
#}
{% macro postgres__create_table_as(temporary, relation, sql) -%}
    {%- set meta = config.get("meta") or {} -%}
    {%- if temporary or not var("citus") or not (meta.get("distribute_by") or meta.get("reference")) -%}
        {{ return(dbt.postgres__create_table_as(temporary, relation, sql)) }}
    {%- endif -%}
    {%- set empty -%} select * from ({{ sql }}) as model where false {%- endset -%}
    {{ dbt.postgres__create_table_as(false, relation, empty) }}
    {% if meta.get("distribute_by") -%}
        select create_distributed_table('{{ relation }}', '{{ meta["distribute_by"] }}');
    {%- else -%}
        select create_reference_table('{{ relation }}');
    {%- endif %}
    insert into {{ relation }} {{ sql }};
{%- endmacro %}

{# At the end of a run on Citus: every marked table is really distributed. #}
{% macro require_distributed() %}
    {% if execute and var("citus") and flags.WHICH in ("build", "run") %}
        {% set known = run_query("select table_name::text from citus_tables").columns[0].values() %}
        {% for node in graph.nodes.values() if node.config.get("meta", {}).get("distribute_by") %}
            {% set name = node.schema ~ "." ~ node.name %}
            {% if node.config.materialized in ("table", "incremental") and name not in known %}
                {{ exceptions.raise_compiler_error(name ~ " is marked distribute_by but is local to the coordinator") }}
            {% endif %}
        {% endfor %}
    {% endif %}
{% endmacro %}

{#
  Tables and views of a night, in place of dbt's own: those rename the old one, rename the new one, commit and then drop
  the old one, five round trips that cost more than most models' rows. Here the new one takes the old one's place in one
  statement of the same transaction, so a night that breaks off never leaves two. No model asks for grants or comments.
#}

{% materialization table, adapter="postgres" %}
    {%- set made = this.incorporate(type="table") -%}
    {%- set fresh = make_intermediate_relation(made) -%}
    {% call between_hooks() %}
        {% call statement("main") -%}
            {{ get_create_table_as_sql(False, fresh, sql) }}
        {%- endcall %}
        {% do create_indexes(fresh) %}
        {% call statement("place") -%}
            {{ drop_former(this) }};
            alter table {{ fresh }} rename to {{ made.identifier }}
        {%- endcall %}
    {% endcall %}
    {{ return({"relations": [made]}) }}
{% endmaterialization %}

{% materialization view, adapter="postgres" %}
    {%- set made = this.incorporate(type="view") -%}
    {% call between_hooks() %}
        {% call statement("main") -%}
            {{ drop_former(this) }};
            {{ get_create_view_as_sql(made, sql) }}
        {%- endcall %}
    {% endcall %}
    {{ return({"relations": [made]}) }}
{% endmaterialization %}

{# The caller's statements in one transaction with the model's hooks, but for those that ask to be outside. #}
{% macro between_hooks() %}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {{ caller() }}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
{% endmacro %}

{# What stood here goes, with the views upon it, which the build makes anew after it. One model at a time: two that drop
   views of both at once could wait for each other. #}
{% macro drop_former(relation) -%}
    {%- set former = load_cached_relation(relation) -%}
    select pg_advisory_xact_lock(hashtext('cchc build ' || current_database()));
    drop {{ former.type if former else "table" }} if exists {{ relation }} cascade
{%- endmacro %}

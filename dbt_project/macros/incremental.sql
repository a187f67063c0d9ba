{#
  Beside a table that follows the change stands its mark, one row: the cut it was made from, the one before that, and by
  which code and reference data, written in the transaction that changes its rows. So a night that failed before or after
  it never makes the next one start from a wrong place, whatever `since_cut_id` says, and changed code never leaves rows
  of the old one: it builds from nothing. 0 in `since_cut_id` asks for that too. Table and mark are unlogged: a crash
  empties both, and a table without its mark is built anew. (No var is read by a config: one parse serves many cuts.)
#}

{% macro beside(relation, what) -%}
    {{ relation.include(identifier=false) }}.{{ relation.identifier }}__{{ what }}
{%- endmacro %}

{# What the rows were made by, besides the deliveries: this project's SQL (`code`) and the province's reference data. #}
{% macro made_by() -%}
    '{{ var("code") }} ' || (select content_hash from {{ source("reference", "load") }} where province = {{ province() }})
{%- endmacro %}

{% macro mark_cut(relation) -%}
    {%- set mark = beside(relation, "made") -%}
    create unlogged table if not exists {{ mark }} (cut_id bigint not null, since_cut_id bigint not null, code text);
    with before as (delete from {{ mark }} returning cut_id)
    insert into {{ mark }}
    select {{ cut_id() }}, {{ "coalesce((select max(cut_id) from before), 0)" if is_incremental() else 0 }}, {{ made_by() }}
{%- endmacro %}

{# A column of a relation's mark; 0 when there is none, or it was made by other code or reference data. #}
{% macro marked(relation, column) %}
    {% set mark = beside(relation, "made") %}
    {% if not run_query("select to_regclass('" ~ mark ~ "') is not null").columns[0].values()[0] %}{{ return(0) }}{% endif %}
    {% set answer = run_query("select " ~ column ~ " from " ~ mark ~ " where code = " ~ made_by()) %}
    {{ return(answer.columns[0].values()[0] | int if answer.rows else 0) }}
{% endmacro %}

{# The cut a relation was made from; 0 when that is unknown, lost, long gone, made by other code, or not to be built upon. #}
{% macro made_from_cut(relation) %}
    {% if not execute or var("since_cut_id") | int == 0 %}{{ return(0) }}{% endif %}
    {% set cut = marked(relation, "cut_id") %}
    {% set kept = "select count(*) from " ~ source("ops", "cut_delivery") ~ " where cut_id = " ~ cut %}
    {{ return(cut if cut and run_query(kept).columns[0].values()[0] else 0) }}
{% endmacro %}

{# Whether a table of counts can follow a fact: it stands where the fact stood before tonight's cut. #}
{% macro stands_before(relation, fact) %}
    {% if not execute or var("since_cut_id") | int == 0 %}{{ return(false) }}{% endif %}
    {% set since = marked(fact, "since_cut_id") %}
    {{ return(since != 0 and marked(fact, "cut_id") == cut_id() | int and marked(relation, "cut_id") == since) }}
{% endmacro %}

{# Overrides dbt's own: what is_incremental() and the materialization ask. #}
{% macro should_full_refresh() %}
    {% if not execute or model.config.materialized != "incremental" or dbt.should_full_refresh() %}
        {{ return(dbt.should_full_refresh()) }}
    {% endif %}
    {% if model.config.meta.get("follows") %}{{ return(not stands_before(this, ref(model.config.meta["follows"]))) }}{% endif %}
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
  Before a fact: a whole build lists its contended keys; an incremental one keeps, beside the fact, the rows of the keys
  that the moved deliveries speak of as they were. `has_left`: the row's delivery no longer counts.
#}
{% macro prepare_newest(relation, feed, key) %}
    {% set keys = key | join(", ") %}
    {% set left = moved_deliveries(relation, false) %}
    drop table if exists {{ beside(relation, "touched") }}, {{ beside(relation, "was") }}, {{ beside(relation, "moved") }};
    {% if not is_incremental() %}{{ list_contended_keys(relation, feed, key) }}
    {% else -%}
    {{ wait_side_by_side() }};
    create unlogged table {{ beside(relation, "touched") }} with (parallel_workers = {{ waiters() }}) as
    select distinct {{ keys }} from {{ source("accepted", feed) }}
    where _delivery in ({{ (moved_deliveries(relation, true) + left) | join(", ") }});
    {{ small_sample() }};
    analyze {{ beside(relation, "touched") }};
    create unlogged table {{ beside(relation, "was") }} as
    select held.*, held._delivery in ({{ left | join(", ") }}) as has_left
    from {{ relation }} as held inner join {{ beside(relation, "touched") }} as touched using ({{ keys }});
    drop table {{ beside(relation, "touched") }}
    {%- endif %}
{% endmacro %}

{#
  dbt's delete+insert, by the rows that `prepare_newest` kept: a row goes when its delivery left, since a key whose last
  row left has nothing to replace it, or when a newer one comes. What moved stays beside the fact, as it was (sign -1) and
  as it is now (1): counts of it, added to counts of all rows before tonight, are the counts of all rows now.
#}
{% macro get_incremental_moved_rows_sql(arguments) %}
    {% set relation, fresh = arguments["target_relation"], arguments["temp_relation"] %}
    {% set keys = arguments["unique_key"] | join(", ") %}
    {% set columns = get_quoted_csv(arguments["dest_columns"] | map(attribute="name")) %}
    create unlogged table {{ beside(relation, "moved") }} as
    select {{ columns }}, -1 as sign
    from {{ beside(relation, "was") }}
    where has_left or ({{ keys }}) in (select {{ keys }} from {{ fresh }})
    union all
    select {{ columns }}, 1 as sign from {{ fresh }};
    {{ small_sample() }};
    analyze {{ beside(relation, "moved") }};
    delete from {{ relation }}
    where ({{ keys }}) in (select {{ keys }} from {{ beside(relation, "moved") }} where sign = -1);
    insert into {{ relation }} ({{ columns }}) select {{ columns }} from {{ fresh }};
    drop table {{ beside(relation, "was") }}
{% endmacro %}

{# What the next nights look rows up by: the key (what tells most first: a quarter less to sort by), and the days lately
   ended on. A table that was built whole has neither; of one that has them nothing is asked, since even `if not exists`
   waits for autovacuum to let go of the table. #}
{% macro index_facts(relation) %}
    {% if execute and not run_query("select to_regclass('" ~ beside(relation, "key") ~ "')").columns[0].values()[0] %}
    create unique index {{ relation.identifier }}__key on {{ relation }} (dossier_code, agency_code);
    create index {{ relation.identifier }}__closed on {{ relation }} using brin (agency_code, closed_on) with (pages_per_range = 16)
    {% endif %}
{% endmacro %}

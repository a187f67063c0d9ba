{# Hints to the planner, for the one transaction of a model. #}

{# The night's passes over all dossiers: sort in memory, on all cores. The planner's guess of what a worker's row costs
   keeps `distinct on` on one core otherwise. And pages are cached or on flash: some ten thousand keys are looked up, not
   sought through all rows. #}
{% macro hurry_sorts() %}
    set local work_mem = '256MB';
    set local parallel_tuple_cost = 0.001;
    set local random_page_cost = 1.1
{% endmacro %}

{# A small change's rows lie scattered over a table larger than memory. Whoever looks them up waits for the disk, not for a
   core: processes that wait at the same time wait once. For scans of a table made with `parallel_workers = waiters()`. #}
{% macro wait_side_by_side() %}
    set local max_parallel_workers_per_gather = {{ waiters() }};
    set local parallel_setup_cost = 0
{% endmacro %}

{% macro waiters() %}{{ return(8) }}{% endmacro %}

{# Tables made a second ago have no statistics, and views of measures never have: the planner then expects one row and
   loops, merges over a part of the key (16 M comparisons for 0.3 M figures), or sorts what it adds up. Joins and sums here
   are by equality and hash. #}
{% macro plan_by_hashing() %}
    set local enable_mergejoin = off;
    set local enable_nestloop = off;
    set local enable_sort = off
{% endmacro %}

{# Statistics from a small sample: enough for whoever joins the table next, a tenth of the time. #}
{% macro small_sample() %}set local default_statistics_target = 10{% endmacro %}

{# A small change leaves the statistics true, and would wait here for autovacuum to let go of the table. #}
{% macro analyze_small(relation) %}
    {% if not is_incremental() -%}
    {{ small_sample() }};
    analyze {{ relation }}
    {%- endif %}
{% endmacro %}

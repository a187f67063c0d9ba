{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key=["agency_code", "channel", "closed_on", "apology_on"],
        on_schema_change="fail",
        meta={"distribute_by": "agency_code", "follows": "fct_dossier"},
        pre_hook="{{ hurry_sorts() }}",
        post_hook=["delete from {{ this }} where apologised_later = 0", "{{ mark_cut(this) }}"],
    )
}}

-- Late or wrong dossiers whose apology came after the day they were resolved: such a letter counts in the periods
-- whose cut-off it meets. The others are in agg_dossier_day.
{% set moves = is_incremental() -%}
with counted as (
    select
        agency_code,
        channel,
        closed_on,
        apology_on,
        {{ rows_where("true", moves) }} as apologised_later
    from {{ beside(ref('fct_dossier'), "moved") if moves else ref('fct_dossier') }}
    where
        is_faulty
        and apology_on > closed_on
    group by agency_code, channel, closed_on, apology_on
)

select
    agency_code,
    channel,
    closed_on,
    apology_on,
    counted.apologised_later{% if moves %} + coalesce(held.apologised_later, 0) as apologised_later{% endif %}

from counted
{% if moves %}left join {{ this }} as held using (agency_code, channel, closed_on, apology_on){% endif %}

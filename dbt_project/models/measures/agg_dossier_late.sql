{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key=["agency_code", "channel", "due_on", "overdue_on", "closed_on"],
        on_schema_change="fail",
        meta={"distribute_by": "agency_code", "follows": "fct_dossier"},
        pre_hook="{{ hurry_sorts() }}",
        post_hook=["delete from {{ this }} where dossiers = 0", "{{ mark_cut(this) }}"],
    )
}}

-- Dossiers that end after they were due, and those that are open: how many per agency, channel, due day, first overdue
-- day and last day. Additive, so that a night adds what moved.
{% if is_incremental() %}
with moved as ({{ dossier_late_spells(beside(ref('fct_dossier'), "moved"), signed=true) }})

select
    agency_code,
    channel,
    due_on,
    overdue_on,
    closed_on,
    moved.dossiers + coalesce(held.dossiers, 0) as dossiers
from moved
left join {{ this }} as held using (agency_code, channel, due_on, overdue_on, closed_on)
{% else %}
{{ dossier_late_spells(ref('fct_dossier')) }}
{% endif %}

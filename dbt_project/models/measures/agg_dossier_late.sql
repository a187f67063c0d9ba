{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key=["agency_code", "channel", "due_on", "overdue_by", "closed_by"],
        on_schema_change="fail",
        meta={"distribute_by": "agency_code", "follows": "fct_dossier"},
        pre_hook="{{ hurry_sorts() }}",
        post_hook=["delete from {{ this }} where dossiers = 0", "{{ mark_cut(this) }}"],
    )
}}

-- Overdue dossiers that stayed so over a bound of the calendar: how many per agency, channel, due day and stretches in
-- which they fell overdue and ended. Additive, so that a night adds what moved.
with stretch as (
    {{ stretch_ends() }}
),

counted as (
    {% if is_incremental() -%}
    {{ dossier_late_spells(beside(ref('fct_dossier'), "moved"), signed=true) }}
    {%- else -%}
    {{ dossier_late_spells(ref('fct_dossier')) }}
    {%- endif %}
)

select
    agency_code,
    channel,
    due_on,
    overdue_by,
    closed_by,
    {{ "counted.dossiers + coalesce(held.dossiers, 0)" if is_incremental() else "counted.dossiers" }} as dossiers
from counted
{% if is_incremental() %}
left join {{ this }} as held using (agency_code, channel, due_on, overdue_by, closed_by)
{% endif %}

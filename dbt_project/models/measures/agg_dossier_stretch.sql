{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key=[
            "agency_code", "procedure_code", "sector", "statutory_days", "channel", "received_by", "closed_by", "overdue_by",
            "paused_by", "resumed_by", "is_paused_in_time",
        ],
        on_schema_change="fail",
        meta={"distribute_by": "agency_code", "follows": "fct_dossier"},
        pre_hook=["{{ hurry_sorts() }}", "set local hash_mem_multiplier = 4"],
        post_hook=["delete from {{ this }} where dossiers = 0", "{{ mark_cut(this) }}"],
    )
}}
{%- set key = [
    "procedure_code", "sector", "statutory_days", "channel", "received_by", "closed_by", "overdue_by", "paused_by",
    "resumed_by", "is_paused_in_time",
] %}
{%- set counts = ["dossiers", "early", "on_time", "late", "returned", "stopped", "worked", "worked_minutes"] %}

-- Dossiers by procedure, channel and course: what form II.06a and the handling time are made of. Additive, so that a
-- night adds what moved.
with stretch as (
    {{ stretch_ends() }}
),

counted as (
    {% if is_incremental() -%}
    {{ dossier_courses(beside(ref('fct_dossier'), "moved"), signed=true) }}
    {%- else -%}
    {{ dossier_courses(ref('fct_dossier')) }}
    {%- endif %}
)

select
    agency_code,
    {{ key | join(",\n    ") }},
    {{ each(counts, "counted.# + coalesce(held.#, 0)" if is_incremental() else "counted.#") }}
from counted
{% if is_incremental() %}left join {{ this }} as held using (agency_code, {{ key | join(", ") }}){% endif %}

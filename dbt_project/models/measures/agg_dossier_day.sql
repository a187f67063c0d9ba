{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key=["agency_code", "day", "channel"],
        on_schema_change="fail",
        meta={"distribute_by": "agency_code", "follows": "fct_dossier"},
        pre_hook="{{ hurry_sorts() }}",
        post_hook=["delete from {{ this }} where received = 0 and closed = 0 and due = 0 and fell_overdue = 0", "{{ mark_cut(this) }}"],
    )
}}

-- Additive counts per agency, local day and channel: what was received, what ended and what falls due on that day. A
-- stock at any cut-off is a sum of these up to it; days after the as-of are there and nobody reads them. After the
-- first build a night adds what moved to what was counted before.
{% if is_incremental() %}
with moved as ({{ dossier_day_counts(beside(ref('fct_dossier'), "moved"), signed=true) }})

select
    agency_code,
    day,
    channel,
    {{ each(dossier_flows(), "moved.# + coalesce(held.#, 0)") }}
from moved
left join {{ this }} as held using (agency_code, day, channel)
{% else %}
{{ dossier_day_counts(ref('fct_dossier')) }}
{% endif %}

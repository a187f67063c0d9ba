{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key=["agency_code", "dossier_code"],
        on_schema_change="fail",
        indexes=[{"columns": ["agency_code", "dossier_code"], "unique": true}],
        pre_hook=["{{ hurry_sorts() }}", "{{ prepare_newest(this, 'dossier_log', ['agency_code', 'dossier_code']) }}"],
        post_hook=["{{ drop_contended_keys(this) }}", "{{ tell_moved(this, ['agency_code', 'dossier_code']) }}", "{{ mark_cut(this) }}"],
    )
}}

-- One row per dossier, its newest version. A night that follows the change reads the rows of the deliveries that came
-- into the cut since this table was made, and the keys of those that left it (macros/incremental.sql).
with judged as not materialized (
    select
        *,
        closed_as is null and finished_at is not null as is_resolved,
        -- a dossier that ends before it is received (flagged) leaves the stock as it enters: no state is held twice
        case
            when closed_as is not null or finished_at is not null
                then greatest(coalesce(finished_at, _version), received_at)
        end as closed_at
    from {{ ref('stg_dossier_log') }}
    {% if is_incremental() %}
    where {{ may_have_changed(this, 'dossier_log', ['agency_code', 'dossier_code']) }}
    {% endif %}
),

dossier as not materialized (
    select
        agency_code,
        dossier_code,
        procedure_code,
        coalesce(channel, 'unknown') as channel,
        received_at,
        due_by, -- the last instant that is still in time
        finished_at,
        closed_at,
        received_at::date as received_on,
        due_by::date as due_on,
        closed_at::date as closed_on,
        case
            when is_resolved then 'resolved'
            else coalesce(closed_as, 'pending')
        end as state,
        -- by the result's instant, to the precision of the due date; early is before the due day
        case
            when not is_resolved or due_by is null then null
            when finished_at > due_by then 'late'
            when finished_at::date < due_by::date then 'early'
            else 'on_time'
        end as timing,
        is_resolved and (coalesce(has_error, false) or coalesce(finished_at > due_by, false)) as is_faulty,
        apology_on,
        fee_due,
        fee_collected,
        case when is_resolved then fee_collected - fee_due end as fee_difference,
        coalesce(has_error, false) as has_error,
        _delivery,
        _line,
        _version,
        _flags
    from judged
),

newest as (
    {% if is_incremental() or not this -%}{# a unit test has no table beside which keys could be listed #}
    {{ current_row("dossier", ["agency_code", "dossier_code"]) }}
    {%- else -%}
    {{ current_row_of_many("dossier", ["agency_code", "dossier_code"], this) }}
    {%- endif %}
)

select newest.*
from newest
{% if is_incremental() %}
-- what was here before and is newer stays
left join {{ this }} as held
    on
        newest.agency_code = held.agency_code
        and newest.dossier_code = held.dossier_code
where
    held.agency_code is null
    or (newest._version, newest._delivery, newest._line) > (held._version, held._delivery, held._line)
{% endif %}

{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key=["agency_code", "dossier_code"],
        on_schema_change="fail",
        indexes=[{"columns": ["agency_code", "dossier_code"], "unique": true}],
        pre_hook=["{{ hurry_sorts() }}", "{{ drop_rows_out_of_cut(this) }}"],
        post_hook="{{ mark_cut(this) }}",
    )
}}

-- One row per dossier, its newest version. An incremental night reads the keys of the deliveries that came into the
-- cut or left it since the cut this table was made from (macros/incremental.sql).
with log as (
    select *
    from {{ ref('stg_dossier_log') }}
    {% if is_incremental() %}
    where (agency_code, dossier_code) in (
        select
            changed.agency_code,
            changed.dossier_code
        from {{ source('accepted', 'dossier_log') }} as changed
        where changed._delivery in ({{ changed_deliveries(this) }})
    )
    {% endif %}
),

newest as (
    {{ current_row("log", ["agency_code", "dossier_code"]) }}
),

judged as (
    select
        *,
        closed_as is null and finished_at is not null as is_resolved,
        -- a dossier that ends before it is received (flagged) leaves the stock as it enters: no state is held twice
        case
            when closed_as is not null or finished_at is not null
                then greatest(coalesce(finished_at, _version), received_at)
        end as closed_at
    from newest
)

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
    _flags
from judged

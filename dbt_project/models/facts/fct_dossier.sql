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

ended as (
    select
        *,
        coalesce(finished_at, case when closed_as is not null then _version end) as ended_at
    from newest
),

-- a dossier that ends before it is received (flagged) leaves the stock as it enters: no state is held twice
closed as (
    select
        *,
        case when ended_at is not null then greatest(ended_at, received_at) end as closed_at,
        case
            when closed_as is not null then closed_as
            when ended_at is not null then 'resolved'
            else 'pending'
        end as state
    from ended
),

-- by the result's instant, to the precision of the due date; early is before the due day
judged as (
    select
        *,
        case
            when state <> 'resolved' or due_by is null then null
            when finished_at > due_by then 'late'
            when finished_at::date < due_by::date then 'early'
            else 'on_time'
        end as timing
    from closed
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
    state,
    timing,
    state = 'resolved' and (coalesce(has_error, false) or timing is not distinct from 'late') as is_faulty,
    apology_on,
    fee_due,
    fee_collected,
    case when state = 'resolved' then fee_collected - fee_due end as fee_difference,
    coalesce(has_error, false) as has_error,
    _delivery,
    _line,
    _flags
from judged

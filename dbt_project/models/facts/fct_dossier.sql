{{
    config(
        materialized="incremental",
        incremental_strategy="moved_rows",
        unique_key=["agency_code", "dossier_code"],
        on_schema_change="fail",
        pre_hook=["{{ hurry_sorts() }}", "{{ prepare_newest(this, 'dossier_log', ['agency_code', 'dossier_code']) }}"],
        post_hook=["{{ drop_contended_keys(this) }}", "{{ mark_cut(this) }}"],
    )
}}
{%- set sessions = working_sessions() %}

-- One row per dossier, its newest version. A night that follows the change reads the rows of the deliveries that came
-- into the cut since this table was made, and the keys of those that left it (macros/incremental.sql).
with clock as (
    {{ working_clock(sessions) }}
),

judged as not materialized (
    select
        entry.*,
        (entry.closed_as is null and entry.finished_at is not null) as is_resolved,
        (entry.due_by is distinct from entry.due_at) as is_due_by_day, -- else by a time of the day
        {{ dossier_closed_at() }} as closed_at,
        coalesce(pause.moved_due_by, {{ dossier_due_by() }}) as due_until,
        pause.paused_at,
        pause.resumed_at,
        coalesce(pause.is_paused_in_time, false) as is_paused_in_time,
        coalesce(pause.all_paused_minutes, 0) as all_paused_minutes
    from {{ ref('stg_dossier_log') }} as entry
    left join {{ ref('stg_dossier_pause') }} as pause
        on
            entry._line = pause.paused_line
            -- most rows have no key and look nothing up
            and pause.paused_delivery
            = case when entry.paused_from is not null or entry.paused_minutes > 0 then entry._delivery end
    {% if is_incremental() %}
    where {{ may_have_changed(this, 'dossier_log', ['agency_code', 'dossier_code']) }}
    {% endif %}
),

-- Days and minutes, once for all that is told by them: the planner writes a step's words into every place that names
-- it, but not over an offset. Of a literal it sees that none is left out, so many processes may read the rows.
dated as not materialized (
    select
        *,
        received_at::date as received_on,
        finished_at::date as finished_on,
        closed_at::date as closed_on,
        due_until::date as due_on,
        {{ minute_of_day("received_at") }} as received_minute,
        {{ minute_of_day("finished_at") }} as finished_minute
    from judged
    offset '0' -- noqa: AM09
),

-- what every count of the night reads stands before what few read: a row is taken apart from its start
dossier as not materialized (
    select
        agency_code,
        dossier_code,
        procedure_code,
        coalesce(channel, 'unknown') as channel,
        received_at,
        due_until as due_by, -- the last instant that is still in time
        finished_at,
        closed_at,
        received_on,
        due_on,
        closed_on,
        case
            when is_resolved then 'resolved'
            else coalesce(closed_as, 'pending')
        end as state,
        -- by the result's instant, to the precision of the due date: early is before the due day, of a due time also
        -- before the session began in which that lies
        case
            when not is_resolved or due_until is null then null
            when finished_at > due_until then 'late'
            when finished_on < due_on then 'early'
            when is_due_by_day then 'on_time'
            when
                {{ sessions_begun("finished_minute", sessions) }}
                < {{ sessions_begun(minute_of_day("due_until"), sessions) }}
                then 'early'
            else 'on_time'
        end as timing,
        is_resolved and (coalesce(has_error, false) or coalesce(finished_at > due_until, false)) as is_faulty,
        is_paused_in_time and resumed_at is null as is_held, -- paused now: the due date waits
        -- the first day on which it is overdue, of one that is held never
        case
            when due_until is null or closed_at <= due_until or (is_paused_in_time and resumed_at is null) then null
            else greatest(due_until + interval '1 microsecond', received_at)::date
        end as overdue_on,
        components_digitised,
        data_reused,
        financial_duty,
        paid_online,
        synced_national_at,
        case
            when is_resolved
                then greatest(
                    {{ working_instant_by_clock("finished_on", "finished_minute") }}
                    - {{ working_instant_by_clock("received_on", "received_minute") }} - all_paused_minutes, 0
                )
        end as worked_minutes, -- from reception to result, without pauses
        statutory_days,
        sector,
        is_paused_in_time,
        paused_at::date as paused_on,
        resumed_at::date as resumed_on,
        apology_on,
        new_appointments,
        result_digital,
        stored_personal,
        rating,
        case when is_resolved then fee_collected - fee_due end as fee_difference,
        fee_due,
        fee_collected,
        coalesce(has_error, false) as has_error,
        population_data_used,
        _delivery,
        _line,
        _version,
        _flags
    from dated
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
left join {{ beside(this, "was") }} as held
    on
        newest.agency_code = held.agency_code
        and newest.dossier_code = held.dossier_code
        and not held.has_left
where
    held.agency_code is null
    or (newest._version, newest._delivery, newest._line) > (held._version, held._delivery, held._line)
{% endif %}

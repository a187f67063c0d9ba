{{ config(materialized="ephemeral") }}
{%- set sessions = working_sessions() %}
-- Of the dossiers that were paused, every version: from when to when the last pause was, how many working minutes all
-- of them took, and until when the dossier is in time after them. Names in _work are working instants
-- (macros/working_time.sql).
with working_day as not materialized (
    {{ working_days(sessions) }}
),

-- the last pause begins with the reception at the earliest and ends with the dossier at the latest
bounded as (
    select
        entry._delivery,
        entry._line,
        entry.received_at,
        {{ dossier_due_by() }} as promised_by,
        (entry.due_by is distinct from entry.due_at) as is_due_by_day,
        coalesce(entry.paused_minutes, 0) as paused_minutes,
        (entry.paused_to is not null) as has_resumed,
        greatest(entry.paused_from, entry.received_at) as paused_at,
        greatest(least(entry.paused_to, {{ dossier_closed_at() }}), entry.received_at) as resumed_at,
        (entry.paused_from < coalesce({{ dossier_closed_at() }}, 'infinity')) as is_within,
        (coalesce(entry.paused_to, {{ dossier_closed_at() }}) is not null) as is_over
    -- not by way of stg_dossier_log: one step less before the night's longest model
    from {{ source('accepted', 'dossier_log') }} as entry
    inner join {{ ref('stg_delivery') }} as delivery on entry._delivery = delivery.delivery_id
    where entry.paused_from is not null or entry.paused_minutes > 0 -- the partial index's own words
),

clocked as (
    select
        bounded._delivery,
        bounded._line,
        bounded.promised_by,
        bounded.is_due_by_day,
        bounded.has_resumed,
        bounded.paused_minutes,
        case when bounded.is_within then bounded.paused_at end as paused_at,
        case when bounded.is_within and bounded.is_over then bounded.resumed_at end as resumed_at,
        due_day.working_number as due_number,
        {{ working_instant("due_day", "bounded.promised_by", sessions) }} as due_work,
        {{ working_instant("received_day", "bounded.received_at", sessions) }} as received_work,
        case
            when bounded.is_within then {{ working_instant("paused_day", "bounded.paused_at", sessions) }}
        end as paused_work,
        case
            when bounded.is_within and bounded.is_over
                then {{ working_instant("resumed_day", "bounded.resumed_at", sessions) }}
        end as resumed_work
    from bounded
    left join working_day as due_day on bounded.promised_by::date = due_day.day
    left join working_day as received_day on bounded.received_at::date = received_day.day
    left join working_day as paused_day on bounded.paused_at::date = paused_day.day
    left join working_day as resumed_day on bounded.resumed_at::date = resumed_day.day
),

-- the sender's sum holds the last pause too, once that has ended
summed as (
    select
        *,
        coalesce(resumed_work - paused_work, 0) as last_minutes,
        greatest(paused_minutes - case when has_resumed then coalesce(resumed_work - paused_work, 0) else 0 end, 0)::int
            as earlier_minutes
    from clocked
),

-- a pause that begins after the due instant comes too late to move it
judged as (
    select
        *,
        coalesce(paused_at <= promised_by or paused_work < due_work + earlier_minutes, paused_at is not null)
            as is_paused_in_time
    from summed
),

moved as (
    select
        *,
        {% if province_setting("pause", "moves") == "restarts" -%}
        case
            when is_paused_in_time and resumed_work is not null then greatest(resumed_work - received_work, 0)
            else earlier_minutes
        end
        {%- else -%}
        earlier_minutes + case when is_paused_in_time then last_minutes else 0 end
        {%- endif %} as moved_minutes
    from judged
)

select
    moved._delivery as paused_delivery,
    moved._line as paused_line,
    moved.paused_at,
    moved.resumed_at,
    moved.is_paused_in_time,
    moved.earlier_minutes + moved.last_minutes as all_paused_minutes,
    case
        when due_day.day is null then moved.promised_by
        when moved.is_due_by_day then due_day.day + (moved.promised_by - moved.promised_by::date)
        else
            due_day.day::timestamptz + interval '1 minute'
            * ({{ minute_of_work("(moved.due_work + moved.moved_minutes - due_day.minutes_before)", sessions) }})
    end as moved_due_by
from moved
left join working_day as due_day
    on
        due_day.is_working
        and due_day.working_number = case
            when moved.moved_minutes = 0 then null
            when moved.is_due_by_day then moved.due_number + {{ whole_days("moved.moved_minutes", sessions) }}
            else {{ whole_days("(moved.due_work + moved.moved_minutes)", sessions) }}
        end

{#
  The working-time clock. A working instant is a number: the working minutes from the calendar's first day to it. So what
  was used between two instants is a difference, and a reception after hours starts with the next session by itself.
  Days are those of the calendar, sessions a setting of the province (design: domain/dossiers, Clocks).
#}

{# A setting of the province, read when a model is compiled. #}
{% macro province_setting(name, default) %}
    {% if not execute %}{{ return(default) }}{% endif %}
    {% set found = run_query(
        "select value from reference.setting where province = " ~ province() ~ " and name = '" ~ name ~ "'"
    ) %}
    {{ return(found.columns[0].values()[0] if found.rows else default) }}
{% endmacro %}

{# The sessions of a working day, in minutes of the day: [{start, length, before}], `before` = worked until it begins. A
   model asks once and hands them on. #}
{% macro working_sessions() %}
    {% set sessions = [] %}
    {% for session in province_setting("working_sessions", "07:00-11:30 13:30-17:00").split() %}
        {% set start, stop = minute_of_clock(session.split("-")[0]) | int, minute_of_clock(session.split("-")[1]) | int %}
        {% set last = sessions[-1] if sessions else {"start": 0, "length": 0, "before": 0} %}
        {% if start < last.start + last.length or stop <= start %}
            {{ exceptions.raise_compiler_error("setting working_sessions: write 07:00-11:30 13:30-17:00, one after the other") }}
        {% endif %}
        {% do sessions.append({"start": start, "length": stop - start, "before": last.before + last.length}) %}
    {% endfor %}
    {{ return(sessions) }}
{% endmacro %}

{% macro minute_of_clock(text) -%}
    {{ return(text.split(":")[0] | int * 60 + text.split(":")[1] | int) }}
{%- endmacro %}

{# The minutes of a whole working day. #}
{% macro working_minutes(sessions) -%}
    {{ return(sessions[-1].before + sessions[-1].length) }}
{%- endmacro %}

{# Local minutes since 1970. Vietnam has had +07 all the year since 1975, and require_session holds the zone. #}
{% macro local_minute(instant) -%}
    (floor(date_part('epoch', {{ instant }}) / 60)::bigint + 420)
{%- endmacro %}

{# The minute of the local day. #}
{% macro minute_of_day(instant) -%}
    ({{ local_minute(instant) }} % 1440)::int
{%- endmacro %}

{# How much of the sessions has passed by a minute of the day. #}
{% macro worked_by(minute, sessions) -%}
    {%- for session in sessions -%}
        least(greatest({{ minute }} - {{ session.start }}, 0), {{ session.length }}){{ " + " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# How many sessions have begun by a minute of the day: what tells early from on time on the due day itself. #}
{% macro sessions_begun(minute, sessions) -%}
    {%- for session in sessions -%}
        ({{ minute }} >= {{ session.start }})::int{{ " + " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# The minute of the day when so many working minutes of it (1 to all) have passed: the inverse of worked_by. #}
{% macro minute_of_work(minutes, sessions) -%}
    case
        {%- for session in sessions[:-1] %}
        when {{ minutes }} <= {{ session.before + session.length }} then {{ minutes }} + {{ session.start - session.before }}
        {%- endfor %}
        else {{ minutes }} + {{ sessions[-1].start - sessions[-1].before }}
    end
{%- endmacro %}

{# How many working days, begun ones too, so many minutes are. #}
{% macro whole_days(minutes, sessions) -%}
    (({{ minutes }} + {{ working_minutes(sessions) - 1 }}) / {{ working_minutes(sessions) }})
{%- endmacro %}

{# The province's days, each with the working minutes before it, for a join. #}
{% macro working_days(sessions) -%}
    select
        day,
        is_working,
        working_number,
        (working_number - is_working::int) * {{ working_minutes(sessions) }} as minutes_before
    from {{ source('reference', 'calendar_day') }}
    where province = {{ province() }}
{%- endmacro %}

{# An instant as a working instant; `day` is the alias of its row of working_days. Null outside of the calendar. #}
{% macro working_instant(day, instant, sessions) -%}
    {{ day }}.minutes_before
        + case when {{ day }}.is_working then {{ worked_by(minute_of_day(instant), sessions) }} else 0 end
{%- endmacro %}

{# The same for millions of rows: the calendar as one row of arrays (a model's CTE `clock`), which subselects read. By the
   days since 1970 the working minutes before each day and after the last one; by the minute of a working day those
   before it. An instant is given as its local day and the minute of it. #}
{% macro working_clock(sessions) -%}
    select
        case
            when count(*) > 0 then format(
                '[%s:%s]=%s', min(day) - date '1970-01-01', max(day) + 1 - date '1970-01-01',
                array_agg(minutes_before order by day) || max(working_number) * {{ working_minutes(sessions) }}
            )::int []
        end as minutes_before,
        (
            select format('[0:1439]=%s', array_agg({{ worked_by("minute", sessions) }} order by minute))::int []
            from generate_series(0, 1439) as minute
        ) as worked_by
    from ({{ working_days(sessions) }}) as working_day
{%- endmacro %}

{% macro working_instant_by_clock(day, minute) -%}
    least(
            (select clock.minutes_before from clock)[{{ day }} - date '1970-01-01']
            + (select clock.worked_by from clock)[{{ minute }}],
            (select clock.minutes_before from clock)[{{ day }} - date '1970-01-01' + 1]
        )
{%- endmacro %}

{# When a version of a dossier leaves the stock. One that ends before it is received (flagged) leaves as it enters: no state
   is held twice. #}
{% macro dossier_closed_at() -%}
    case
            when entry.closed_as is not null
                then greatest(coalesce(entry.ended_at, entry.finished_at, entry._version), entry.received_at)
            when entry.finished_at is not null then greatest(entry.finished_at, entry.received_at)
        end
{%- endmacro %}

{# The last instant in time of what was promised: a due time; of a due date 24:00 as taken in, or where the province's
   setting says so the end of the session, 17:00. #}
{% macro dossier_due_by() -%}
    {%- set ends_at = province_setting("due_day_ends_at", "24:00") -%}
    {%- if ends_at == "24:00" -%}entry.due_by
    {%- else -%}
        case
            when entry.due_by is distinct from entry.due_at
                then entry.due_by + interval '1 microsecond' - interval '1 day' + interval '{{ ends_at }}'
            else entry.due_by
        end
    {%- endif -%}
{%- endmacro %}

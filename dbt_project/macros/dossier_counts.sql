{# What agg_dossier_day counts: every one additive over days, channels and units. #}
{% macro dossier_flows() %}
    {{ return([
        "received", "received_due", "digitised", "reused", "synced", "financial_duty", "paid_online", "early", "on_time", "late",
        "no_due", "returned", "stopped", "closed", "closed_due", "faulty", "apologised", "apology_owed", "apology_proper",
        "digital_result", "stored_personal", "rated", "satisfied", "fee_known", "fee_correct", "fee_difference", "due", "due_met",
        "fell_overdue", "closed_overdue",
    ]) }}
{% endmacro %}

{# What dossier_period takes from dossier_course: additive too, for every kind of period but single days. #}
{% macro course_flows() %}
    {{ return(["paused", "resumed", "worked_minutes", "statutory_minutes", "untimed"]) }}
{% endmacro %}

{# What dossier_period adds to them: the stocks at the period's start and at its cut-off, what came later, and what was
   received and resolved in time within the period. #}
{% macro dossier_stocks() %}
    {{ return([
        "received_online", "carried_over", "carried_over_due", "pending", "pending_paused", "overdue", "apologised_later",
        "received_in_time",
    ]) }}
{% endmacro %}

{# What dossier_sector_period counts. #}
{% macro sector_flows() %}
    {{ return([
        "received_online", "received_otherwise", "closed", "early", "on_time", "late", "no_due", "returned", "stopped",
        "fell_overdue", "closed_overdue", "paused", "resumed", "paused_in_time", "resumed_in_time",
    ]) }}
{% endmacro %}

{# What form II.06a takes from them, and what its footnote counts; columns 3 and 12 are sums of others. #}
{% macro form_columns() %}
    {{ return([
        "c4", "c5", "c6", "c7", "c8", "c9", "c10", "c11", "c13", "returned", "stopped", "no_due", "paused", "resumed",
    ]) }}
{% endmacro %}

{# How many rows meet a condition; with `signed`, how many more than before. #}
{% macro rows_where(condition, signed) -%}
    {% if signed %}coalesce(sum(sign) filter (where {{ condition }}), 0){% else %}count(*) filter (where {{ condition }}){% endif %}
{%- endmacro %}

{#
  What agg_dossier_day holds of the given dossiers: what was received, what ended, what fell due and
  what fell overdue on each local day.
  `signed`: rows that moved (sign -1 as they were, 1 as they are). `later`: only events that come after the as-of.
#}
{% macro dossier_day_counts(dossiers, signed=false, later=false) %}
with received as (
    select
        agency_code,
        received_on as day,
        channel,
        {{ rows_where("true", signed) }} as received,
        {{ rows_where("due_by is not null", signed) }} as received_due,
        {{ rows_where("components_digitised", signed) }} as digitised,
        {{ rows_where("components_digitised is true and data_reused", signed) }} as reused,
        {{ rows_where("synced_national_at is not null", signed) }} as synced,
        {{ rows_where("financial_duty", signed) }} as financial_duty,
        {{ rows_where("financial_duty is true and paid_online", signed) }} as paid_online
    from {{ dossiers }}
    {% if later %}where received_at > {{ as_of() }}{% endif %}
    group by agency_code, received_on, channel
),

closed as (
    select
        agency_code,
        closed_on as day,
        channel,
        {{ rows_where("timing = 'early'", signed) }} as early,
        {{ rows_where("timing = 'on_time'", signed) }} as on_time,
        {{ rows_where("timing = 'late'", signed) }} as late,
        {{ rows_where("timing is null and state = 'resolved'", signed) }} as no_due,
        {{ rows_where("timing is null and state = 'returned'", signed) }} as returned,
        {{ rows_where("timing is null and state = 'stopped'", signed) }} as stopped,
        {{ rows_where("true", signed) }} as closed,
        {{ rows_where("due_by is not null", signed) }} as closed_due,
        {{ rows_where("overdue_on is not null", signed) }} as closed_overdue,
        {{ rows_where("is_faulty", signed) }} as faulty,
        {{ rows_where("is_faulty and apology_on <= closed_on", signed) }} as apologised,
        {{ rows_where(owes_apology(), signed) }} as apology_owed,
        {{ rows_where(owes_apology() ~ " and apology_on < due_on and new_appointments <= 1", signed) }} as apology_proper,
        {{ rows_where("result_digital is true and state = 'resolved'", signed) }} as digital_result,
        {{ rows_where("result_digital is true and stored_personal and state = 'resolved'", signed) }} as stored_personal,
        {{ rows_where("rating is not null and state = 'resolved'", signed) }} as rated,
        {{ rows_where("rating in ('very_satisfied', 'satisfied') and state = 'resolved'", signed) }} as satisfied,
        {{ rows_where("fee_difference is not null", signed) }} as fee_known,
        {{ rows_where("fee_difference = 0", signed) }} as fee_correct,
        sum({{ "sign * " if signed }}fee_difference) filter (where fee_difference <> 0) as fee_difference -- most are 0
    from {{ dossiers }}
    where closed_at {% if later %}> {{ as_of() }}{% else %}is not null{% endif %}
    group by agency_code, closed_on, channel
),

-- judged when the due date passes: what was returned or stopped by then is not counted, what is still open is not met
due as (
    select
        agency_code,
        due_on as day,
        channel,
        {{ rows_where("true", signed) }} as due,
        {{ rows_where("state = 'resolved' and finished_at <= due_by", signed) }} as due_met
    from {{ dossiers }}
    where
        due_by {% if later %}> {{ as_of() }}{% else %}is not null{% endif %}
        and not is_held
        and (state in ('pending', 'resolved') or closed_at > due_by)
    group by agency_code, due_on, channel
),

overdue as (
    select
        agency_code,
        overdue_on as day,
        channel,
        {{ rows_where("true", signed) }} as fell_overdue
    from {{ dossiers }}
    where
        overdue_on is not null
        {% if later %}and (due_by >= {{ as_of() }} or received_at > {{ as_of() }}){% endif %}

    group by agency_code, overdue_on, channel
)

select
    agency_code,
    day,
    channel,
    {{ each(dossier_flows(), "coalesce(#, 0)") }}
from received
full join closed using (agency_code, day, channel)
full join due using (agency_code, day, channel)
full join overdue using (agency_code, day, channel)
{% endmacro %}

{#
  A late dossier whose apology can be judged by NĐ 61/2018/NĐ-CP: due since the decree holds, and not with an apology of
  which nobody says how many new appointments there were.
#}
{% macro owes_apology() -%}
    timing = 'late' and due_on >= {{ day_of("nd61_in_force") }} and (apology_on is null or new_appointments is not null)
{%- endmacro %}

{#
  The courses that agg_dossier_stretch counts, of the given dossiers: by procedure and channel and by the stretches
  (macros/dossier_stretches.sql) in which they were received, ended, fell overdue, were paused and resumed; `infinity` for
  what did not happen. Of open ones the overdue day itself is kept, since it may lie ahead. `by_then`: as it stood at the
  as-of (pauses to the day).
#}
{% macro dossier_courses(dossiers, signed=false, by_then=false) %}
{%- set closed_on = "case when closed_at <= " ~ as_of() ~ " then closed_on end" if by_then else "closed_on" %}
{%- set overdue_on = "case when due_by < " ~ as_of() ~ " then overdue_on end" if by_then else "overdue_on" %}
select
    agency_code,
    coalesce(procedure_code, '') as procedure_code,
    coalesce(sector, '') as sector,
    coalesce(statutory_days, -1) as statutory_days, -- -1: the dossier does not say
    channel,
    {{ stretch_of("received_on") }} as received_by,
    {{ closed_stretch(closed_on) }} as closed_by,
    {{ overdue_stretch(overdue_on, closed_on) }} as overdue_by,
    coalesce({{ stretch_of("paused_on") }}, 'infinity') as paused_by,
    coalesce({{ stretch_of("resumed_on") }}, 'infinity') as resumed_by,
    is_paused_in_time,
    {{ rows_where("true", signed) }} as dossiers,
    {{ rows_where("timing = 'early'", signed) }} as early,
    {{ rows_where("timing = 'on_time'", signed) }} as on_time,
    {{ rows_where("timing = 'late'", signed) }} as late,
    {{ rows_where("timing is null and state = 'returned'", signed) }} as returned,
    {{ rows_where("timing is null and state = 'stopped'", signed) }} as stopped,
    {{ rows_where("worked_minutes is not null", signed) }} as worked,
    coalesce(sum({{ "sign * " if signed }}worked_minutes), 0) as worked_minutes
from {{ dossiers }}
{% if by_then %}where received_at <= {{ as_of() }}{% endif %}
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
{% endmacro %}

{#
  The spells of overdue dossiers that agg_dossier_late holds, of the given dossiers: those that reach over a bound of the
  calendar, by the stretches in which they began and ended. `by_then`: as they stood at the as-of.
#}
{% macro dossier_late_spells(dossiers, signed=false, by_then=false) %}
{%- set closed_on = "case when closed_at <= " ~ as_of() ~ " then closed_on end" if by_then else "closed_on" %}
select
    agency_code,
    channel,
    due_on,
    overdue_by,
    closed_by,
    {{ rows_where("true", signed) }} as dossiers
from (
    select
        agency_code,
        channel,
        due_on,
        {{ overdue_stretch("overdue_on", closed_on) }} as overdue_by,
        {{ closed_stretch(closed_on) }} as closed_by
        {%- if signed %},
        sign{% endif %}

    from {{ dossiers }}
    where
        overdue_on is not null
        {% if by_then %}and due_by < {{ as_of() }} and received_at <= {{ as_of() }}{% endif %}

) as spell
where overdue_by < closed_by
group by agency_code, channel, due_on, overdue_by, closed_by
{% endmacro %}

{# One expression per column, `#` standing for its name: `sum(#) as early, sum(#) as on_time, ...` #}
{% macro each(columns, expression) -%}
    {%- for column in columns -%}
        {{ expression | replace("#", column) }} as {{ column }}{{ ",\n        " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

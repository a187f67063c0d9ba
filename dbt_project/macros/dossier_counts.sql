{# What agg_dossier_day counts: every one additive over days, channels and units. #}
{% macro dossier_flows() %}
    {{ return([
        "received", "received_due", "early", "on_time", "late", "no_due", "returned", "stopped", "closed", "closed_due",
        "faulty", "apologised", "fee_known", "fee_correct", "fee_difference", "due", "due_met",
    ]) }}
{% endmacro %}

{# What dossier_period adds to them: the stocks at the period's start and at its cut-off, and what came later. #}
{% macro dossier_stocks() %}
    {{ return(["carried_over", "carried_over_due", "pending", "overdue", "apologised_later"]) }}
{% endmacro %}

{# How many rows meet a condition; with `signed`, how many more than before. #}
{% macro rows_where(condition, signed) -%}
    {% if signed %}coalesce(sum(sign) filter (where {{ condition }}), 0){% else %}count(*) filter (where {{ condition }}){% endif %}
{%- endmacro %}

{#
  What agg_dossier_day holds of the given dossiers: what was received, what ended and what fell due on each local day.
  `signed`: rows that moved (sign -1 as they were, 1 as they are). `later`: only events that come after the as-of.
#}
{% macro dossier_day_counts(dossiers, signed=false, later=false) %}
with received as (
    select
        agency_code,
        received_on as day,
        channel,
        {{ rows_where("true", signed) }} as received,
        {{ rows_where("due_by is not null", signed) }} as received_due
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
        {{ rows_where("state = 'resolved' and due_by is null", signed) }} as no_due,
        {{ rows_where("state = 'returned'", signed) }} as returned,
        {{ rows_where("state = 'stopped'", signed) }} as stopped,
        {{ rows_where("true", signed) }} as closed,
        {{ rows_where("due_by is not null", signed) }} as closed_due,
        {{ rows_where("is_faulty", signed) }} as faulty,
        {{ rows_where("is_faulty and apology_on <= closed_on", signed) }} as apologised,
        {{ rows_where("fee_difference is not null", signed) }} as fee_known,
        {{ rows_where("fee_difference = 0", signed) }} as fee_correct,
        sum({{ "sign * " if signed }}fee_difference) as fee_difference
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
        and (state in ('pending', 'resolved') or closed_at > due_by)
    group by agency_code, due_on, channel
)

select
    agency_code,
    day,
    channel,
    {{ each(dossier_flows(), "coalesce(#, 0)") }}
from received
full join closed using (agency_code, day, channel)
full join due using (agency_code, day, channel)
{% endmacro %}

{# The spells of late dossiers that agg_dossier_late holds, of the given dossiers; `infinity` is the day of what is open. #}
{% macro dossier_late_spells(dossiers, signed=false) %}
select
    agency_code,
    channel,
    due_on,
    greatest(due_by + interval '1 microsecond', received_at)::date as overdue_on,
    coalesce(closed_on, 'infinity') as closed_on,
    {{ rows_where("true", signed) }} as dossiers
from {{ dossiers }}
where
    due_by is not null
    and (closed_at is null or closed_at > due_by)
group by
    agency_code, channel, due_on, greatest(due_by + interval '1 microsecond', received_at)::date, coalesce(closed_on, 'infinity')
{% endmacro %}

{# One expression per column, `#` standing for its name: `sum(#) as early, sum(#) as on_time, ...` #}
{% macro each(columns, expression) -%}
    {%- for column in columns -%}
        {{ expression | replace("#", column) }} as {{ column }}{{ ",\n        " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

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

{# One expression per column, `#` standing for its name: `sum(#) as early, sum(#) as on_time, ...` #}
{% macro each(columns, expression) -%}
    {%- for column in columns -%}
        {{ expression | replace("#", column) }} as {{ column }}{{ ",\n        " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

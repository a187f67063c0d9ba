{# Made by `cchc measure sql` from plugins/cchc/measures/definitions: change those, not this. #}

{# The feeds that measures are made of: where their rows are, and the first day that any of them speaks of. #}
{% macro measured_feeds() %}
    {{ return([
        {"feed": "dossier_log", "rows": "agg_dossier_day", "first_on": "min(day)"},
        {"feed": "inspection", "rows": "fct_inspection", "first_on": "min(coalesce(found_on, done_on, planned_on))"},
        {"feed": "organisation", "rows": "fct_organisation", "first_on": none},
        {"feed": "plan_task", "rows": "fct_plan_task", "first_on": "make_date(min(plan_year)::int, 1, 1)"},
        {"feed": "procedure_catalogue", "rows": "fct_procedure", "first_on": none},
        {"feed": "staff", "rows": "fct_staff", "first_on": none},
        {"feed": "staff_quota", "rows": "fct_staff_quota", "first_on": "make_date(min(left(period, 4))::int, 1, 1)"},
        {"feed": "survey_response", "rows": "fct_survey_response", "first_on": "min(answered_on)"},
    ]) }}
{% endmacro %}

{# The models of measures, which measure_unit stacks. #}
{% macro measure_models() %}
    {{ return([
        "measure_dossier_log",
        "measure_inspection",
        "measure_organisation",
        "measure_plan_task",
        "measure_procedure_catalogue",
        "measure_staff",
        "measure_staff_quota",
        "measure_survey_response",
        "measure_overdue_age",
    ]) }}
{% endmacro %}

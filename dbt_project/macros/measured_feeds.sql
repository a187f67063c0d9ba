{# Made by `cchc measure sql` from plugins/cchc/measures/definitions: change those, not this. #}

{# The feeds that measures are made of: where their rows are, and the first day that any of them speaks of. #}
{% macro measured_feeds() %}
    {{ return([
        {"feed": "communication", "rows": "fct_communication", "first_on": "min(least(planned_on, published_on))"},
        {"feed": "dossier_log", "rows": "agg_dossier_day", "first_on": "min(day)"},
        {"feed": "edocument_usage", "rows": "fct_edocument_usage", "first_on": "min(starts_on)"},
        {"feed": "feedback", "rows": "fct_feedback", "first_on": "min(received_at)::date"},
        {"feed": "finance_autonomy", "rows": "fct_finance_autonomy", "first_on": "min(starts_on)"},
        {"feed": "inspection", "rows": "fct_inspection", "first_on": "min(coalesce(found_on, done_on, planned_on))"},
        {"feed": "legal_document", "rows": "fct_legal_document", "first_on": "make_date(min(left(period, 4))::int, 1, 1)"},
        {"feed": "national_index", "rows": "fct_national_index", "first_on": "make_date(min(left(period, 4))::int, 1, 1)"},
        {"feed": "organisation", "rows": "fct_organisation", "first_on": none},
        {"feed": "plan_task", "rows": "fct_plan_task", "first_on": "make_date(min(plan_year)::int, 1, 1)"},
        {"feed": "procedure_catalogue", "rows": "fct_procedure", "first_on": none},
        {"feed": "report_submission", "rows": "fct_report_submission", "first_on": "min(due_on)"},
        {"feed": "self_assessment", "rows": "fct_self_assessment", "first_on": "make_date(min(left(period, 4))::int, 1, 1)"},
        {"feed": "staff", "rows": "fct_staff", "first_on": none},
        {"feed": "staff_quota", "rows": "fct_staff_quota", "first_on": "make_date(min(left(period, 4))::int, 1, 1)"},
        {"feed": "survey_answer", "rows": "fct_survey_answer", "first_on": "min(answered_on)"},
        {"feed": "survey_response", "rows": "fct_survey_response", "first_on": "min(answered_on)"},
        {"feed": "survey_round", "rows": "fct_survey_round", "first_on": "make_date(min(left(period, 4))::int, 1, 1)"},
        {"feed": "training", "rows": "fct_training", "first_on": "min(least(planned_on, opened_on, closed_on))"},
        {"feed": "verification", "rows": "fct_verification", "first_on": "make_date(min(left(period, 4))::int, 1, 1)"},
    ]) }}
{% endmacro %}

{# The models of measures, which measure_unit stacks. #}
{% macro measure_models() %}
    {{ return([
        "measure_communication",
        "measure_dossier_log",
        "measure_edocument_usage",
        "measure_feedback",
        "measure_finance_autonomy",
        "measure_inspection",
        "measure_legal_document",
        "measure_national_index",
        "measure_organisation",
        "measure_plan_task",
        "measure_procedure_catalogue",
        "measure_report_submission",
        "measure_self_assessment",
        "measure_staff",
        "measure_staff_quota",
        "measure_survey_response",
        "measure_survey_round",
        "measure_training",
        "measure_verification",
        "measure_overdue_age",
    ]) }}
{% endmacro %}

{# The models of measures that are made of the others' figures, which reporting_measure stacks. #}
{% macro figure_models() %}
    {{ return([
        "measure_index",
        "measure_survey_points",
        "measure_interval",
    ]) }}
{% endmacro %}

{# A day that definitions rest on (`days` of their files; where each is from: docs/measures.md), as SQL. #}
{% macro day_of(name) %}
    {{ return({
        "nd61_in_force": "date '2018-06-21'",
    }[name]) }}
{% endmacro %}

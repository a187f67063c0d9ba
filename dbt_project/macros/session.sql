{# Refuses to run in any other zone than the province's: a local day is made by a plain cast. #}
{% macro require_session() %}
    {% if execute and flags.WHICH in ("build", "run", "test", "seed") %}
        {% set zone = run_query("show timezone").columns[0].values()[0] %}
        {% if zone != "Asia/Ho_Chi_Minh" %}
            {{ exceptions.raise_compiler_error(
                "the session's time zone is " ~ zone ~ ", it must be Asia/Ho_Chi_Minh: use dbt_project/profiles.yml and unset PGTZ"
            ) }}
        {% endif %}
    {% endif %}
{% endmacro %}

{# What a night is given, as SQL literals. Nothing else in the project reads a var or a clock. #}

{% macro as_of() %}timestamptz '{{ var("as_of") }}'{% endmacro %}

{% macro as_of_day() %}({{ as_of() }})::date{% endmacro %}

{% macro cut_id() %}{{ var("cut_id") | int }}{% endmacro %}

{% macro province() %}'{{ var("province") }}'{% endmacro %}

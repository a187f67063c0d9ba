{# A province's name without what stands before it. #}
{% macro bare_name(name) -%}
    regexp_replace({{ name }}, '^([Tt]ỉnh|[Tt]hành phố|TP.) *', '')
{%- endmacro %}

{# A province's name without what stands before it: "Sơn La" of "Tỉnh Sơn La" and of "Ủy ban nhân dân tỉnh Sơn La". #}
{% macro bare_name(name) -%}
    regexp_replace({{ name }}, '^(([ỦủUu][yỷYỶ] ban nhân dân|UBND) +)?([Tt]ỉnh|[Tt]hành phố|TP\.)? *', '')
{%- endmacro %}

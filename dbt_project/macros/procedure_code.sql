{#
  The national part d.dddddd of a procedure's code, by which a dossier finds its procedure in whatever local form the code
  was written: 1.000894.000.00.00.H38, 2.002621.H13 (design: domain/dossiers). Empty for a code that is no national one:
  a province's own procedures are matched by nothing but their whole code.
#}
{% macro national_code(code) -%}
    substring({{ code }} from '^\s*(\d\.\d{6})(?!\d)')
{%- endmacro %}

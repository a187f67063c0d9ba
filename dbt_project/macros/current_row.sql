{# The newest version of each key in a staged log: by the source's version, then by delivery and line. #}
{% macro current_row(log, key) %}
    select distinct on ({{ key | join(", ") }}) log.*
    from {{ log }} as log
    order by {{ key | join(", ") }}, log._version desc, log._delivery desc, log._line desc
{% endmacro %}

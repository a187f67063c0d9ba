{# A dimension with the level added: '' for none, keys in alphabetical order (channel, kind, level). #}
{% macro dim_with_level(dim, level) -%}
    concat_ws(',', nullif({{ dim }}, ''), 'level=' || nullif({{ level }}, ''))
{%- endmacro %}

{# The name of one number, unique in a release: <measure>@<version>:<unit>:<period>[:dim=value]. #}
{% macro figure(measure, version, agency, period, dim) -%}
    {{ measure }} || '@' || {{ version }} || ':' || {{ agency }} || ':' || {{ period }}
    || case when {{ dim }} = '' then '' else ':' || {{ dim }} end
{%- endmacro %}

{# What a figure is worth, unrounded; of nothing counted, nothing. #}
{% macro figure_value(kind, numerator, denominator) -%}
    case
        when {{ kind }} in ('ratio', 'yes_no') then trim_scale({{ numerator }} / nullif({{ denominator }}, 0))
        else {{ numerator }}
    end
{%- endmacro %}

{# The measures of several models below each other; a new model of measures is one more name in measure_unit. #}
{% macro stack(models, more=[]) %}
    {%- for model in models %}
    select
        agency_code,
        period_code,
        measure,
        version,
        dim,
        numerator,
        denominator{% for column in more %},
        {{ column }}{% endfor %}
    from {{ ref(model) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
{% endmacro %}

{# The version of each measure that is in force at each period's end. #}
{% macro measures_in_force() -%}
    select distinct on (period.period_code, measure.measure)
        period.period_code,
        measure.measure,
        measure.version,
        measure.kind,
        measure.feeds
    from {{ ref('reporting_period') }} as period
    inner join {{ ref('measure') }} as measure
        on
            (measure.valid_from is null or period.ends_on >= measure.valid_from)
            and (measure.valid_to is null or period.ends_on < measure.valid_to)
    order by period.period_code asc, measure.measure asc, measure.version desc
{%- endmacro %}

{# The units of today that took in others, each with the periods in which those still stood by themselves. #}
{% macro merged_since() -%}
    select distinct
        today.successor_code,
        unit_period.period_code
    from {{ ref('unit_period') }} as unit_period
    inner join {{ ref('unit_successor') }} as today on unit_period.agency_code = today.agency_code
    where today.attribution <> 'same'
{%- endmacro %}

{# Whether a duty's value is what its target asks. A trend is met by a move in its direction since the year before, or by
   a share that can go no further. `done`: a yes, or, of what is a number, that there is one and no forecast. #}
{% macro meets_target() -%}
    case target_kind
        when 'zero' then value = 0
        when 'done'
            then figure_status <> 'P' and value >= coalesce(target, case when measure_kind = 'yes_no' then 1 else value end)
        when 'trend'
            then case direction
                when 'rising' then value > previous_value or (measure_kind in ('ratio', 'yes_no') and value >= 1)
                else value < previous_value or value = 0
            end
        else case direction when 'rising' then value >= target else value <= target end
    end
{%- endmacro %}

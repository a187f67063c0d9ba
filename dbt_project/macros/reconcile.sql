{#
  Steps that compare, from `rule` to `compared`, each rule of reference.reconciliation_check at each place it speaks of.
  Called with the step `own_figure`: scope, agency_code, period_code, period_kind, measure, version, dim, numerator,
  denominator, source; it may ask the step `wanted` which measures are needed. A rate counts in per cent. Scope `unit` is
  what a unit has itself, `tree` what its reports speak of (of_its_tree).
  Read by the ledger and, for RPT-02, by the reports' validity.
#}
{% macro reconciled(other_from) %}
rule as (
    select *
    from {{ source('reference', 'reconciliation_check') }}
    where
        province = {{ province() }}
        and other_from in ({% for name in other_from %}'{{ name }}'{{ ", " if not loop.last }}{% endfor %})
),

-- the terms of both sides: a code or a number, its sign, whether it may be missing, another breakdown than the line's
term as (
    select
        rule.check_id,
        side.side,
        side.part,
        case
            when side.origin <> 'measure' then side.origin
            when rule.other_from = 'report_submission' then 'tree'
            else 'unit'
        end as origin,
        case when word.word like '-%' then -1 else 1 end as sign,
        word.word like '%?' as may_be_missing,
        split_part(btrim(word.word, '-?'), '|', 1) as code,
        nullif(split_part(btrim(word.word, '-?'), '|', 2), '') as about
    from rule
    cross join
        lateral (
            values
            ('own', 'numerator', rule.own_from, rule.own_numerator),
            ('own', 'denominator', rule.own_from, rule.own_denominator),
            ('other', 'numerator', rule.other_from, rule.other_numerator),
            ('other', 'denominator', rule.other_from, rule.other_denominator)
        ) as side (side, part, origin, words)
    cross join lateral regexp_split_to_table(side.words, ' +') as word (word)
),

-- the measures of rules that have something to speak of
wanted as (
    select split_part(term.code, '.', 1) as measure
    from term
    inner join rule on term.check_id = rule.check_id
    where
        term.origin in ('unit', 'tree')
        and (
            rule.other_from = 'measure'
            or exists (
                select
                from {{ ref('reported_figure') }} as printed
                where
                    printed.origin = rule.other_from
                    and (
                        printed.code = rule.other_numerator
                        or printed.kind = any(string_to_array(rule.report_kinds, ' '))
                    )
            )
        )
    union
    select code as measure
    from {{ ref('reported_figure') }}
    where '*' in (select term.code from term)
),

{{ caller() }},

-- of versions side by side the newest
own as (
    select distinct on (figure.agency_code, figure.scope, figure.period_code, figure.measure, figure.dim)
        figure.*,
        measure.kind,
        measure.title_vi
    from own_figure as figure
    inner join {{ ref('measure') }} as measure
        on
            figure.measure = measure.measure
            and figure.version = measure.version
    where
        figure.measure in (select wanted.measure from wanted)
        and figure.numerator is not null
        and (
            (figure.agency_code, figure.period_code) in (
                select
                    printed.agency_code,
                    printed.period_code
                from {{ ref('reported_figure') }} as printed
            )
            or figure.period_kind in (
                select kind.kind
                from rule
                cross join lateral unnest(string_to_array(rule.period_kinds, ' ')) as kind (kind)
            )
        )
    order by
        figure.agency_code asc, figure.scope asc, figure.period_code asc, figure.measure asc, figure.dim asc,
        figure.version desc
),

amount as (
    select
        own.agency_code,
        own.period_code,
        own.scope as origin,
        '' as book,
        own.dim as about,
        own.measure || part.suffix as code,
        part.value,
        null::int as digits,
        own.source,
        null::text as delivery,
        null::bigint as line
    from own
    cross join
        lateral (
            values
            (
                '',
                case own.kind
                    when 'ratio' then own.numerator * 100 / nullif(own.denominator, 0)
                    else own.numerator
                end
            ),
            ('.numerator', own.numerator),
            ('.denominator', own.denominator)
        ) as part (suffix, value)
    union all
    select
        printed.agency_code,
        printed.period_code,
        printed.origin,
        printed.book,
        printed.about,
        printed.code,
        printed.value,
        printed.digits,
        concat_ws(
            ', ', nullif(printed.book, ''), 'gửi ngày ' || to_char(delivery.arrived_at, 'DD/MM/YYYY'), 'dòng ' || printed._line
        ) as source,
        delivery.sha256 as delivery, -- its number says in which order files were taken in here, and is no part of a release
        printed._line as line
    from {{ ref('reported_figure') }} as printed
    inner join {{ ref('stg_delivery') }} as delivery on printed._delivery = delivery.delivery_id
),

-- where a rule speaks: at a printed line; at each report that should hold it; at a unit that has either measure
place as (
    select
        rule.check_id,
        printed.agency_code,
        printed.period_code,
        printed.book,
        printed.about,
        printed.code as line_code
    from rule
    inner join {{ ref('reported_figure') }} as printed
        on
            rule.other_from = printed.origin
            and (
                rule.other_numerator = printed.code
                or (
                    rule.other_numerator = '*'
                    and printed.code in (select measure.measure from {{ ref('measure') }} as measure)
                )
            )
    union
    select
        rule.check_id,
        printed.agency_code,
        printed.period_code,
        printed.book,
        '' as about,
        rule.other_numerator as line_code
    from rule
    inner join {{ ref('reported_figure') }} as printed
        on
            rule.other_from = printed.origin
            and printed.kind = any(string_to_array(rule.report_kinds, ' '))
    union
    select
        rule.check_id,
        own.agency_code,
        own.period_code,
        '' as book,
        '' as about,
        rule.other_numerator as line_code
    from rule
    inner join term
        on
            rule.check_id = term.check_id
            and rule.other_from = 'measure'
            and rule.own_from = 'measure'
    inner join own
        on
            split_part(term.code, '.', 1) = own.measure
            and own.scope = 'unit'
            and own.dim = ''
            and own.period_kind = any(string_to_array(rule.period_kinds, ' '))
),

told as (
    select
        place.*,
        term.side,
        term.part,
        term.sign * case
            when term.code ~ '^[0-9.]+$' then term.code::numeric
            when term.may_be_missing then coalesce(amount.value, 0)
            else amount.value
        end as value,
        amount.digits,
        amount.source,
        amount.delivery,
        amount.line
    from place
    inner join term on place.check_id = term.check_id
    left join amount
        on
            place.agency_code = amount.agency_code
            and place.period_code = amount.period_code
            and term.origin = amount.origin
            and amount.code = case when term.code = '*' then place.line_code else term.code end
            and amount.about = coalesce(term.about, place.about)
            and amount.book = case when term.origin in ('unit', 'tree') then '' else place.book end
),

-- a side lacks its value when one of its terms is missing or its denominator is 0
summed as (
    select
        agency_code,
        period_code,
        check_id,
        book,
        about,
        line_code,
        {{ side_of("own") }} as own_quotient,
        {{ side_of("other") }} as other_value,
        count(value) filter (where side = 'own' and part = 'numerator') > 0 as own_is_told,
        string_agg(distinct source, '; ') filter (where side = 'own') as own_source,
        string_agg(distinct source, '; ') filter (where side = 'other') as other_source,
        max(digits) filter (where side = 'other') as digits,
        (array_agg(delivery order by delivery, line) filter (where side = 'other'))[1] as other_delivery,
        (array_agg(line order by delivery, line) filter (where side = 'other'))[1] as other_line
    from told
    group by agency_code, period_code, check_id, book, about, line_code
),

both_sides as (
    select
        summed.*,
        rule.title_vi,
        rule.own_from,
        rule.other_from,
        rule.own_numerator,
        rule.own_denominator,
        case rule.compare
            when 'presence' then (summed.own_quotient > 0)::int
            else summed.own_quotient * coalesce(rule.own_factor, 1)
        end as own_value,
        case rule.compare
            when 'presence' then (summed.other_value > 0)::int
            else summed.other_value
        end as compared_value,
        greatest(
            rule.tolerance,
            rule.tolerance_percent * abs(summed.other_value) / 100,
            case when rule.to_printed_digit then 0.5 * power(10::numeric, -summed.digits) end
        ) as tolerance
    from summed
    inner join rule on summed.check_id = rule.check_id
),

compared as (
    select
        both_sides.*,
        both_sides.own_value - both_sides.compared_value as difference,
        case
            when both_sides.own_value is null then 'own_missing'
            when both_sides.compared_value is null then 'other_missing'
            when abs(both_sides.own_value - both_sides.compared_value) <= both_sides.tolerance then 'agree'
            else 'differs'
        end as verdict
    from both_sides
    where
        num_nonnulls(both_sides.own_value, both_sides.compared_value) > 0
        -- a table that prints a rate without what it is of can't be computed; two measures that are both 0 say nothing
        and (both_sides.own_from = 'measure' or both_sides.own_is_told)
        and (
            both_sides.other_from <> 'measure'
            or coalesce(both_sides.own_value, 0) <> 0
            or coalesce(both_sides.compared_value, 0) <> 0
        )
)
{% endmacro %}

{#
  What the reports of a unit speak of, of the figures of units: the sum over it and all units under it, as the province's
  own is, and by level (level=commune). What does not add up is the unit's own. `figures` is a step with agency_code,
  period_code, measure, version, dim, numerator, denominator, source.
#}
{% macro of_its_tree(figures) %}
    select
        'tree' as scope,
        report.agency_code,
        report.period_code,
        '' as period_kind,
        figure.measure,
        figure.version,
        {{ dim_with_level("figure.dim", "level.level") }} as dim,
        sum(figure.numerator) as numerator,
        sum(figure.denominator) as denominator,
        string_agg(figure.source, '; ' order by figure.agency_code) filter (
            where figure.agency_code = report.agency_code or figure.numerator <> 0
        ) as source
    from (
        select distinct
            agency_code,
            period as period_code
        from {{ ref('fct_report_submission') }}
    ) as report
    inner join {{ ref('unit_tree') }} as part on report.agency_code = part.agency_code
    inner join {{ figures }} as figure
        on
            part.part_code = figure.agency_code
            and report.period_code = figure.period_code
    inner join {{ ref('measure') }} as measure
        on
            figure.measure = measure.measure
            and figure.version = measure.version
    cross join lateral (values (''), (part.level)) as level (level)
    where
        (measure.adds_up and measure.kind <> 'duration')
        or (part.part_code = report.agency_code and level.level = '')
    group by
        report.agency_code, report.period_code, figure.measure, figure.version,
        {{ dim_with_level("figure.dim", "level.level") }}
{% endmacro %}

{# A side's sum over its denominator's; NULL when a term of either is missing. #}
{% macro side_of(side) -%}
    case when count(*) filter (where side = '{{ side }}' and value is null) = 0 then
        sum(value) filter (where side = '{{ side }}' and part = 'numerator')
        / case
            when count(*) filter (where side = '{{ side }}' and part = 'denominator') = 0 then 1
            else nullif(sum(value) filter (where side = '{{ side }}' and part = 'denominator'), 0)
        end
    end
{%- endmacro %}

{#
  The measures' own models, but the reports' own. A night takes those only whose measures a report or a rule over reports
  names: most nights that is none or few, and merely planning the others would cost more than the rest of the model.
#}
{% macro counted_where_wanted() %}
    {%- set feeds = reported_feeds() %}
    {%- for model in measure_models() if model != "measure_report_submission" %}
    {%- set relation = ref(model) %}
    {%- set feed = model | replace("measure_", "", 1) | replace("overdue_age", "dossier_log") %}
    {%- if feeds is none or feed in feeds %}
    select
        agency_code,
        period_code,
        measure,
        version,
        dim,
        numerator,
        denominator
    from {{ relation }}
    union all
    {%- endif %}
    {%- endfor %}
{% endmacro %}

{# The feeds of the measures that reports are held against tonight; none (all) where nothing is built. #}
{% macro reported_feeds() %}
    {%- if not execute or flags.WHICH not in ("build", "run") %}{{ return(none) }}{% endif %}
    {%- set asked %}
        select distinct split_part(measure.feeds, ' ', 1)
        from {{ ref('measure') }} as measure
        inner join {{ ref('fct_report_submission') }} as line
            on
                line.line_code <> 'report'
                and (
                    split_part(line.line_code, '|', 1) = measure.measure
                    or measure.measure in (
                        select split_part(split_part(btrim(term.word, '-?'), '|', 1), '.', 1)
                        from {{ source('reference', 'reconciliation_check') }} as rule
                        cross join lateral regexp_split_to_table(rule.own_numerator, ' +') as term (word)
                        where
                            rule.province = {{ province() }}
                            and rule.other_from = 'report_submission'
                            and rule.own_from = 'measure'
                    )
                )
    {%- endset %}
    {{ return(run_query(asked).columns[0].values() | list) }}
{% endmacro %}

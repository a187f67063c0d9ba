{{ config(alias="reconciliation", meta={"distribute_by": "agency_code"}) }}

-- The ledger: each comparison of reference.reconciliation_check where there is something to compare, with what the
-- agency says to it. Values are unrounded; a difference within the tolerance agrees, and is shown.
with province as (
    select agency_code
    from {{ ref('stg_unit') }}
    where kind = 'province'
),

{% call reconciled(["measure", "report_submission", "national_index", "survey_round"]) %}
wanted_figure as (
    select
        figure.agency_code,
        figure.period_code,
        period.kind as period_kind,
        figure.measure,
        figure.version,
        figure.dim,
        figure.numerator,
        figure.denominator,
        figure.figure as source
    from {{ ref('reporting_measure') }} as figure
    inner join {{ ref('reporting_period') }} as period on figure.period_code = period.period_code
    where figure.measure in (select wanted.measure from wanted)
),

-- of the units alone: the province's figures are sums already
of_unit as (
    select *
    from wanted_figure
    where
        agency_code not in (select province.agency_code from province)
        and dim not like '%tree=today'
),

own_figure as (
    select
        scope.scope,
        figure.*
    from wanted_figure as figure
    cross join lateral (values ('unit'), ('tree')) as scope (scope)
    where
        scope.scope = 'unit'
        or figure.agency_code in (select province.agency_code from province)
    union all
    select *
    from ({{ of_its_tree("of_unit") }}) as summed
    where agency_code not in (select province.agency_code from province)
)
{% endcall %},

-- what was said last by the as-of
explained as (
    select distinct on (agency_code, period_code, check_id, book, about, line_code)
        agency_code,
        period_code,
        check_id,
        book,
        about,
        line_code,
        explanation,
        given_by,
        given_on
    from {{ source('ops', 'reconciliation_explanation') }}
    where
        province = {{ province() }}
        and given_on <= {{ as_of_day() }}
    order by
        agency_code asc, period_code asc, check_id asc, book asc, about asc, line_code asc,
        given_on desc, explanation_id desc
),

named as (
    select
        measure,
        max(title_vi) as title_vi
    from {{ ref('measure') }}
    group by measure
)

select
    compared.agency_code,
    compared.period_code,
    compared.check_id,
    compared.book,
    compared.about,
    compared.line_code,
    concat_ws(': ', compared.title_vi, named.title_vi) as compared_vi,
    trim_scale(compared.own_value) as own_value,
    case
        when compared.own_from = 'measure' and compared.own_source is not null then compared.own_source
        when compared.own_numerator = '*' then compared.line_code
        else concat_ws(' / ', compared.own_numerator, compared.own_denominator)
    end as own_source,
    trim_scale(compared.compared_value) as other_value,
    coalesce(compared.other_source, concat_ws(', ', compared.book, compared.line_code)) as other_source,
    compared.other_delivery,
    compared.other_line,
    trim_scale(compared.difference) as difference,
    trim_scale(compared.tolerance) as tolerance,
    compared.verdict,
    explained.explanation,
    explained.given_by as explained_by,
    explained.given_on as explained_on
from compared
left join explained
    on
        compared.agency_code = explained.agency_code
        and compared.period_code = explained.period_code
        and compared.check_id = explained.check_id
        and compared.book = explained.book
        and compared.about = explained.about
        and compared.line_code = explained.line_code
left join named
    on
        compared.own_numerator = '*'
        and compared.line_code = named.measure

-- Made by `cchc measure sql` from plugins/cchc/measures/definitions/legal_document.yaml: change that, not this.
-- noqa: disable=LT05
{{ config(materialized="ephemeral") }}

with pass_1 as (
    select
        unit.agency_code,
        unit.period_code,
        -- legal_document_on_time_rate@1
        count(*) filter (where left(fact.period, 4) = unit.year::text and fact.due_on between unit.starts_on and unit.cutoff_on) as spoken_1,
        (count(*) filter (where left(fact.period, 4) = unit.year::text and fact.due_on between unit.starts_on and unit.cutoff_on and (fact.listed is not true) is not true and (fact.due_on = unit.cutoff_on and unit.is_open) is not true and fact.issued_on <= fact.due_on))::numeric as numerator_1,
        (count(*) filter (where left(fact.period, 4) = unit.year::text and fact.due_on between unit.starts_on and unit.cutoff_on and (fact.listed is not true) is not true and (fact.due_on = unit.cutoff_on and unit.is_open) is not true))::numeric as denominator_1,
        -- draft_consulted_rate@1
        count(*) filter (where left(fact.period, 4) = unit.year::text) as spoken_2,
        (count(*) filter (where left(fact.period, 4) = unit.year::text and ((fact.drafted_on <= unit.cutoff_on) is not true) is not true and fact.draft_published_on <= unit.cutoff_on))::numeric as numerator_2,
        (count(*) filter (where left(fact.period, 4) = unit.year::text and ((fact.drafted_on <= unit.cutoff_on) is not true) is not true))::numeric as denominator_2
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('fct_legal_document') }} as fact on unit.agency_code = fact.agency_code
    where unit.period_kind in ('half', 'nine_months', 'quarter', 'year')
    group by unit.agency_code, unit.period_code
),

said as (
    select
        pass_1.agency_code,
        pass_1.period_code,
        said.measure,
        said.version,
        said.dim,
        said.spoken,
        said.numerator,
        said.denominator
    from pass_1
    cross join
        lateral (
            values
            ('legal_document_on_time_rate', 1, '', pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('draft_consulted_rate', 1, '', pass_1.spoken_2, pass_1.numerator_2, pass_1.denominator_2)
        ) as said (measure, version, dim, spoken, numerator, denominator)
)

select
    said.agency_code,
    said.period_code,
    said.measure,
    said.version,
    said.dim,
    sum(said.numerator) as numerator,
    sum(said.denominator) as denominator
from said
where said.dim is not null
group by said.agency_code, said.period_code, said.measure, said.version, said.dim
having sum(said.spoken) > 0 and (said.dim = '' or sum(said.numerator) <> 0 or sum(said.denominator) <> 0)

-- Made by `cchc measure sql` from plugins/cchc/measures/definitions/inspection.yaml: change that, not this.
-- noqa: disable=LT05
{{ config(materialized="ephemeral") }}

with pass_1 as (
    select
        unit.agency_code,
        unit.period_code,
        -- inspection_completion_rate@1
        count(*) filter (where fact.record = 'visit' and fact.planned_on between unit.starts_on and unit.cutoff_on) as spoken_1,
        (count(*) filter (where fact.record = 'visit' and fact.planned_on between unit.starts_on and unit.cutoff_on and (fact.kind = 'unannounced') is not true and fact.done_on <= unit.cutoff_on))::numeric as numerator_1,
        (count(*) filter (where fact.record = 'visit' and fact.planned_on between unit.starts_on and unit.cutoff_on and (fact.kind = 'unannounced') is not true))::numeric as denominator_1,
        -- unannounced_inspection_count@1
        count(*) filter (where fact.record = 'visit' and fact.done_on between unit.starts_on and unit.cutoff_on) as spoken_2,
        (count(*) filter (where fact.record = 'visit' and fact.done_on between unit.starts_on and unit.cutoff_on and (fact.kind = 'planned') is not true))::numeric as numerator_2,
        null::numeric as denominator_2
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('fct_inspection') }} as fact on unit.agency_code = coalesce(fact.inspector_code, fact.agency_code)
    where unit.period_kind in ('half', 'nine_months', 'quarter', 'year')
    group by unit.agency_code, unit.period_code
),

pass_2 as (
    select
        unit.agency_code,
        unit.period_code,
        fact.violation_kind as by_violation,
        -- finding_remedy_rate@1
        count(*) filter (where fact.record <> 'visit' and fact.due_on + 1 between unit.starts_on and unit.cutoff_on) as spoken_1,
        (count(*) filter (where fact.record <> 'visit' and fact.due_on + 1 between unit.starts_on and unit.cutoff_on and (fact.record = 'violation') is not true and fact.remedied_on <= fact.due_on))::numeric as numerator_1,
        (count(*) filter (where fact.record <> 'visit' and fact.due_on + 1 between unit.starts_on and unit.cutoff_on and (fact.record = 'violation') is not true))::numeric as denominator_1,
        -- violation_count@1
        count(*) filter (where fact.record = 'violation' and fact.found_on between unit.starts_on and unit.cutoff_on) as spoken_2,
        (count(*) filter (where fact.record = 'violation' and fact.found_on between unit.starts_on and unit.cutoff_on))::numeric as numerator_2,
        null::numeric as denominator_2,
        -- violation_handled_rate@1
        count(*) filter (where fact.record = 'violation' and fact.found_on between unit.starts_on and unit.cutoff_on) as spoken_3,
        (count(*) filter (where fact.record = 'violation' and fact.found_on between unit.starts_on and unit.cutoff_on and fact.decided_on <= unit.cutoff_on))::numeric as numerator_3,
        (count(*) filter (where fact.record = 'violation' and fact.found_on between unit.starts_on and unit.cutoff_on))::numeric as denominator_3,
        -- card_compliance_rate@1
        count(*) filter (where fact.record = 'visit' and fact.done_on between unit.starts_on and unit.cutoff_on) as spoken_4,
        (sum(fact.people_with_card) filter (where fact.record = 'visit' and fact.done_on between unit.starts_on and unit.cutoff_on and ((fact.people_checked is null or fact.people_with_card is null) is not true)))::numeric as numerator_4,
        (sum(fact.people_checked) filter (where fact.record = 'visit' and fact.done_on between unit.starts_on and unit.cutoff_on and ((fact.people_checked is null or fact.people_with_card is null) is not true)))::numeric as denominator_4
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('fct_inspection') }} as fact on unit.agency_code = fact.agency_code
    where unit.period_kind in ('half', 'nine_months', 'quarter', 'year')
    group by unit.agency_code, unit.period_code, by_violation
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
            ('inspection_completion_rate', 1, '', pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('unannounced_inspection_count', 1, '', pass_1.spoken_2, pass_1.numerator_2, pass_1.denominator_2)
        ) as said (measure, version, dim, spoken, numerator, denominator)

    union all
    select
        pass_2.agency_code,
        pass_2.period_code,
        said.measure,
        said.version,
        said.dim,
        said.spoken,
        said.numerator,
        said.denominator
    from pass_2
    cross join
        lateral (
            values
            ('finding_remedy_rate', 1, '', pass_2.spoken_1, pass_2.numerator_1, pass_2.denominator_1),
            ('violation_count', 1, '', pass_2.spoken_2, pass_2.numerator_2, pass_2.denominator_2),
            ('violation_count', 1, 'violation=' || pass_2.by_violation, pass_2.spoken_2, pass_2.numerator_2, pass_2.denominator_2),
            ('violation_handled_rate', 1, '', pass_2.spoken_3, pass_2.numerator_3, pass_2.denominator_3),
            ('card_compliance_rate', 1, '', pass_2.spoken_4, pass_2.numerator_4, pass_2.denominator_4)
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

-- Made by `cchc measure sql` from plugins/cchc/measures/definitions/report_submission.yaml: change that, not this.
-- noqa: disable=LT05
{{ config(materialized="ephemeral") }}

with pass_1 as (
    select
        unit.agency_code,
        unit.period_code,
        -- report_on_time_rate@1
        count(*) filter (where fact.line_code = 'report' and fact.due_on + 1 between unit.starts_on and unit.cutoff_on) as spoken_1,
        (count(*) filter (where fact.line_code = 'report' and fact.due_on + 1 between unit.starts_on and unit.cutoff_on and (fact.report_kind <> 'periodic') is not true and fact.received_at::date <= fact.due_on))::numeric as numerator_1,
        (count(*) filter (where fact.line_code = 'report' and fact.due_on + 1 between unit.starts_on and unit.cutoff_on and (fact.report_kind <> 'periodic') is not true))::numeric as denominator_1,
        -- thematic_report_on_time_rate@1
        count(*) filter (where fact.line_code = 'report' and fact.due_on + 1 between unit.starts_on and unit.cutoff_on) as spoken_2,
        (count(*) filter (where fact.line_code = 'report' and fact.due_on + 1 between unit.starts_on and unit.cutoff_on and (fact.report_kind <> 'thematic') is not true and fact.received_at::date <= fact.due_on))::numeric as numerator_2,
        (count(*) filter (where fact.line_code = 'report' and fact.due_on + 1 between unit.starts_on and unit.cutoff_on and (fact.report_kind <> 'thematic') is not true))::numeric as denominator_2,
        -- directive_report_on_time_rate@1
        count(*) filter (where fact.line_code = 'report' and fact.due_on + 1 between unit.starts_on and unit.cutoff_on) as spoken_3,
        (count(*) filter (where fact.line_code = 'report' and fact.due_on + 1 between unit.starts_on and unit.cutoff_on and (fact.report_kind <> 'directive') is not true and fact.received_at::date <= fact.due_on))::numeric as numerator_3,
        (count(*) filter (where fact.line_code = 'report' and fact.due_on + 1 between unit.starts_on and unit.cutoff_on and (fact.report_kind <> 'directive') is not true))::numeric as denominator_3,
        -- report_lead_progress_rate@1
        count(*) filter (where fact.line_code = 'report' and fact.received_at::date between unit.starts_on and unit.cutoff_on) as spoken_4,
        (count(*) filter (where fact.line_code = 'report' and fact.received_at::date between unit.starts_on and unit.cutoff_on and (fact.report_kind <> 'periodic') is not true and (fact.has_lead_progress is null) is not true and fact.has_lead_progress))::numeric as numerator_4,
        (count(*) filter (where fact.line_code = 'report' and fact.received_at::date between unit.starts_on and unit.cutoff_on and (fact.report_kind <> 'periodic') is not true and (fact.has_lead_progress is null) is not true))::numeric as denominator_4
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('fct_report_submission') }} as fact on unit.agency_code = fact.agency_code
    where unit.period_kind in ('half', 'nine_months', 'quarter', 'year')
    group by unit.agency_code, unit.period_code
),

pass_2 as (
    select
        unit.agency_code,
        unit.period_code,
        -- report_valid_rate@1
        count(*) filter (where fact.received_at::date between unit.starts_on and unit.cutoff_on) as spoken_1,
        (count(*) filter (where fact.received_at::date between unit.starts_on and unit.cutoff_on and (fact.report_kind <> 'periodic') is not true and fact.signer_role in ('head', 'deputy', 'authorised') and fact.figures_differing = 0))::numeric as numerator_1,
        (count(*) filter (where fact.received_at::date between unit.starts_on and unit.cutoff_on and (fact.report_kind <> 'periodic') is not true))::numeric as denominator_1
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('report_validity') }} as fact on unit.agency_code = fact.agency_code
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
            ('report_on_time_rate', 1, '', pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('thematic_report_on_time_rate', 1, '', pass_1.spoken_2, pass_1.numerator_2, pass_1.denominator_2),
            ('directive_report_on_time_rate', 1, '', pass_1.spoken_3, pass_1.numerator_3, pass_1.denominator_3),
            ('report_lead_progress_rate', 1, '', pass_1.spoken_4, pass_1.numerator_4, pass_1.denominator_4)
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
            ('report_valid_rate', 1, '', pass_2.spoken_1, pass_2.numerator_1, pass_2.denominator_1)
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

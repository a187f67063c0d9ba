-- Made by `cchc measure sql` from plugins/cchc/measures/definitions/survey_response.yaml: change that, not this.
-- noqa: disable=LT05
{{ config(materialized="ephemeral") }}

with pass_1 as (
    select
        unit.agency_code,
        unit.period_code,
        fact.respondent_group as by_respondent_group,
        fact.sector as by_sector,
        -- survey_done@1
        count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on) as spoken_1,
        (count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on))::numeric as numerator_1,
        null::numeric as denominator_1,
        -- response_count@1
        count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on) as spoken_2,
        (count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on))::numeric as numerator_2,
        null::numeric as denominator_2,
        -- satisfaction_index@1
        count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on) as spoken_3,
        (count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on and (fact.overall is null) is not true and fact.overall in ('very_satisfied', 'satisfied')))::numeric as numerator_3,
        (count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on and (fact.overall is null) is not true))::numeric as denominator_3,
        -- sector_satisfaction_index@1
        count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on) as spoken_4,
        (count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on and (fact.overall is null) is not true and (coalesce(btrim(fact.sector), '') = '') is not true and fact.overall in ('very_satisfied', 'satisfied')))::numeric as numerator_4,
        (count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on and (fact.overall is null) is not true and (coalesce(btrim(fact.sector), '') = '') is not true))::numeric as denominator_4,
        -- satisfaction_access@1
        count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on) as spoken_5,
        (count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on and (fact.access is null) is not true and fact.access in ('very_satisfied', 'satisfied')))::numeric as numerator_5,
        (count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on and (fact.access is null) is not true))::numeric as denominator_5,
        -- satisfaction_procedures@1
        count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on) as spoken_6,
        (count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on and (fact.procedures is null) is not true and fact.procedures in ('very_satisfied', 'satisfied')))::numeric as numerator_6,
        (count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on and (fact.procedures is null) is not true))::numeric as denominator_6,
        -- satisfaction_officials@1
        count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on) as spoken_7,
        (count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on and (fact.officials is null) is not true and fact.officials in ('very_satisfied', 'satisfied')))::numeric as numerator_7,
        (count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on and (fact.officials is null) is not true))::numeric as denominator_7,
        -- satisfaction_results@1
        count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on) as spoken_8,
        (count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on and (fact.results is null) is not true and fact.results in ('very_satisfied', 'satisfied')))::numeric as numerator_8,
        (count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on and (fact.results is null) is not true))::numeric as denominator_8,
        -- satisfaction_feedback@1
        count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on) as spoken_9,
        (count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on and (fact.feedback_handling is null) is not true and fact.feedback_handling in ('very_satisfied', 'satisfied')))::numeric as numerator_9,
        (count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on and (fact.feedback_handling is null) is not true))::numeric as denominator_9,
        -- satisfaction_apology@1
        count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on) as spoken_10,
        (count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on and (fact.apology is null) is not true and (fact.apology = 'not_late') is not true and fact.apology in ('very_satisfied', 'satisfied')))::numeric as numerator_10,
        (count(*) filter (where fact.answered_on between unit.starts_on and unit.cutoff_on and (fact.apology is null) is not true and (fact.apology = 'not_late') is not true))::numeric as denominator_10
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('fct_survey_response') }} as fact on unit.agency_code = fact.agency_code
    where unit.period_kind in ('year')
    group by unit.agency_code, unit.period_code, by_respondent_group, by_sector
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
            ('survey_done', 1, '', pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('response_count', 1, '', pass_1.spoken_2, pass_1.numerator_2, pass_1.denominator_2),
            ('response_count', 1, 'respondent_group=' || pass_1.by_respondent_group, pass_1.spoken_2, pass_1.numerator_2, pass_1.denominator_2),
            ('response_count', 1, 'sector=' || pass_1.by_sector, pass_1.spoken_2, pass_1.numerator_2, pass_1.denominator_2),
            ('satisfaction_index', 1, '', pass_1.spoken_3, pass_1.numerator_3, pass_1.denominator_3),
            ('satisfaction_index', 1, 'respondent_group=' || pass_1.by_respondent_group, pass_1.spoken_3, pass_1.numerator_3, pass_1.denominator_3),
            ('satisfaction_index', 1, 'sector=' || pass_1.by_sector, pass_1.spoken_3, pass_1.numerator_3, pass_1.denominator_3),
            ('sector_satisfaction_index', 1, '', pass_1.spoken_4, pass_1.numerator_4, pass_1.denominator_4),
            ('sector_satisfaction_index', 1, 'sector=' || pass_1.by_sector, pass_1.spoken_4, pass_1.numerator_4, pass_1.denominator_4),
            ('satisfaction_access', 1, '', pass_1.spoken_5, pass_1.numerator_5, pass_1.denominator_5),
            ('satisfaction_access', 1, 'respondent_group=' || pass_1.by_respondent_group, pass_1.spoken_5, pass_1.numerator_5, pass_1.denominator_5),
            ('satisfaction_access', 1, 'sector=' || pass_1.by_sector, pass_1.spoken_5, pass_1.numerator_5, pass_1.denominator_5),
            ('satisfaction_procedures', 1, '', pass_1.spoken_6, pass_1.numerator_6, pass_1.denominator_6),
            ('satisfaction_procedures', 1, 'respondent_group=' || pass_1.by_respondent_group, pass_1.spoken_6, pass_1.numerator_6, pass_1.denominator_6),
            ('satisfaction_procedures', 1, 'sector=' || pass_1.by_sector, pass_1.spoken_6, pass_1.numerator_6, pass_1.denominator_6),
            ('satisfaction_officials', 1, '', pass_1.spoken_7, pass_1.numerator_7, pass_1.denominator_7),
            ('satisfaction_officials', 1, 'respondent_group=' || pass_1.by_respondent_group, pass_1.spoken_7, pass_1.numerator_7, pass_1.denominator_7),
            ('satisfaction_officials', 1, 'sector=' || pass_1.by_sector, pass_1.spoken_7, pass_1.numerator_7, pass_1.denominator_7),
            ('satisfaction_results', 1, '', pass_1.spoken_8, pass_1.numerator_8, pass_1.denominator_8),
            ('satisfaction_results', 1, 'respondent_group=' || pass_1.by_respondent_group, pass_1.spoken_8, pass_1.numerator_8, pass_1.denominator_8),
            ('satisfaction_results', 1, 'sector=' || pass_1.by_sector, pass_1.spoken_8, pass_1.numerator_8, pass_1.denominator_8),
            ('satisfaction_feedback', 1, '', pass_1.spoken_9, pass_1.numerator_9, pass_1.denominator_9),
            ('satisfaction_feedback', 1, 'respondent_group=' || pass_1.by_respondent_group, pass_1.spoken_9, pass_1.numerator_9, pass_1.denominator_9),
            ('satisfaction_feedback', 1, 'sector=' || pass_1.by_sector, pass_1.spoken_9, pass_1.numerator_9, pass_1.denominator_9),
            ('satisfaction_apology', 1, '', pass_1.spoken_10, pass_1.numerator_10, pass_1.denominator_10),
            ('satisfaction_apology', 1, 'respondent_group=' || pass_1.by_respondent_group, pass_1.spoken_10, pass_1.numerator_10, pass_1.denominator_10),
            ('satisfaction_apology', 1, 'sector=' || pass_1.by_sector, pass_1.spoken_10, pass_1.numerator_10, pass_1.denominator_10)
        ) as said (measure, version, dim, spoken, numerator, denominator)
)

select
    said.agency_code,
    said.period_code,
    said.measure,
    said.version,
    said.dim,
    case when said.measure in ('survey_done') then least(sum(said.numerator), 1) else sum(said.numerator) end as numerator,
    case when said.measure in ('survey_done') then least(sum(said.denominator), 1) else sum(said.denominator) end as denominator
from said
where said.dim is not null
group by said.agency_code, said.period_code, said.measure, said.version, said.dim
having sum(said.spoken) > 0 and (said.dim = '' or sum(said.numerator) <> 0 or sum(said.denominator) <> 0)

-- Made by `cchc measure sql` from plugins/cchc/measures/definitions/survey_round.yaml: change that, not this.
-- noqa: disable=LT05
{{ config(materialized="ephemeral") }}

with pass_1 as (
    select
        unit.agency_code,
        unit.period_code,
        fact.respondent_group as by_respondent_group,
        fact.sector as by_sector,
        -- response_rate@1
        count(*) filter (where left(fact.period, 4) = unit.year::text) as spoken_1,
        (sum(fact.forms_returned) filter (where left(fact.period, 4) = unit.year::text and ((fact.forms_sent is null or fact.forms_returned is null) is not true)))::numeric as numerator_1,
        (sum(fact.forms_sent) filter (where left(fact.period, 4) = unit.year::text and ((fact.forms_sent is null or fact.forms_returned is null) is not true)))::numeric as denominator_1,
        -- sample_required@1
        count(*) filter (where left(fact.period, 4) = unit.year::text) as spoken_2,
        (sum(ceil(fact.population / (1 + fact.population * 0.0025))) filter (where left(fact.period, 4) = unit.year::text and (fact.population is null) is not true))::numeric as numerator_2,
        null::numeric as denominator_2,
        -- improvement_issued_rate@1
        count(*) filter (where fact.is_survey and fact.survey_closed_on between unit.starts_on and unit.cutoff_on) as spoken_3,
        (count(*) filter (where fact.is_survey and fact.survey_closed_on between unit.starts_on and unit.cutoff_on and fact.improved_on <= unit.cutoff_on))::numeric as numerator_3,
        (count(*) filter (where fact.is_survey and fact.survey_closed_on between unit.starts_on and unit.cutoff_on))::numeric as denominator_3
    from {{ ref('unit_period') }} as unit
    inner join {{ ref('fct_survey_round') }} as fact on unit.agency_code = fact.agency_code
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
            ('response_rate', 1, '', pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('response_rate', 1, 'respondent_group=' || pass_1.by_respondent_group, pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('response_rate', 1, 'sector=' || pass_1.by_sector, pass_1.spoken_1, pass_1.numerator_1, pass_1.denominator_1),
            ('sample_required', 1, '', pass_1.spoken_2, pass_1.numerator_2, pass_1.denominator_2),
            ('sample_required', 1, 'respondent_group=' || pass_1.by_respondent_group, pass_1.spoken_2, pass_1.numerator_2, pass_1.denominator_2),
            ('sample_required', 1, 'sector=' || pass_1.by_sector, pass_1.spoken_2, pass_1.numerator_2, pass_1.denominator_2),
            ('improvement_issued_rate', 1, '', pass_1.spoken_3, pass_1.numerator_3, pass_1.denominator_3)
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

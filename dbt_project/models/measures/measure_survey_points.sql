{{ config(materialized="view") }}

-- Points that the survey gives (docs/feeds.md, IDX-03): of each criterion scored by survey the mean over the groups
-- asked, by weight, of the mean of their answers' per cent, times its maximum. An answer counts for the year that
-- its survey is of, else in which it was given. What is blank or not on its scale is no answer. Scales (`scale.a-e`:
-- A=100 B=60 ...) and weights of groups (`survey_weight.citizen`, else 1) are settings of the province.
with setting as (
    select
        name,
        value
    from {{ source('reference', 'setting') }}
    where province = {{ province() }}
),

scale as (
    select
        substr(setting.name, 7) as scale,
        pair.parts[1] as answer,
        pair.parts[2]::numeric as percent
    from setting
    cross join lateral regexp_matches(setting.value, '(\S+)=([0-9.]+)', 'g') as pair (parts)
    where setting.name like 'scale.%'
),

survey as (
    select
        agency_code,
        survey_code,
        left(max(period), 4)::int as year
    from {{ ref('fct_survey_round') }}
    group by agency_code, survey_code
),

mean_of_group as (
    select
        answer.agency_code,
        coalesce(survey.year, extract(year from answer.answered_on)) as year,
        answer.question,
        answer.respondent_group,
        avg(coalesce(answer.score, scale.percent)) as percent
    from {{ ref('fct_survey_answer') }} as answer
    left join survey
        on
            answer.agency_code = survey.agency_code
            and answer.survey_code = survey.survey_code
    left join scale
        on
            answer.scale = scale.scale
            and answer.answer = scale.answer
    where coalesce(answer.score, scale.percent) is not null
    group by
        answer.agency_code, coalesce(survey.year, extract(year from answer.answered_on)), answer.question,
        answer.respondent_group
),

mean_of_question as (
    select
        mean_of_group.agency_code,
        mean_of_group.year,
        mean_of_group.question,
        sum(mean_of_group.percent * coalesce(weight.value::numeric, 1))
        / nullif(sum(coalesce(weight.value::numeric, 1)), 0) as percent
    from mean_of_group
    left join setting as weight on weight.name = 'survey_weight.' || mean_of_group.respondent_group
    group by mean_of_group.agency_code, mean_of_group.year, mean_of_group.question
)

select
    unit.agency_code,
    unit.period_code,
    'points_survey' as measure,
    1 as version,
    '' as dim,
    trim_scale(round(sum(mean_of_question.percent * criterion.points / 100), 9)) as numerator,
    null::numeric as denominator,
    false as is_provisional
from {{ ref('unit_period') }} as unit
inner join mean_of_question
    on
        unit.agency_code = mean_of_question.agency_code
        and unit.year = mean_of_question.year
inner join {{ source('reference', 'criterion') }} as criterion
    on
        criterion.province = {{ province() }}
        and criterion.scored_by = 'survey'
        and unit.block = criterion.block
        and mean_of_question.question = criterion.code
        and unit.year between criterion.year_from and coalesce(criterion.year_to, unit.year)
left join setting as main on main.name = 'framework'
where
    unit.period_kind = 'year'
    and criterion.framework = coalesce(main.value, criterion.framework)
group by unit.agency_code, unit.period_code

-- Whom each survey asked, one row per survey, judged unit and group. `is_survey` marks one row of each survey; it
-- is closed when its last group is, and followed when the first of the measures that were taken after it is finished.
with newest as (
    {{ current_row(ref('stg_survey_round'), ["agency_code", "period", "survey_code", "respondent_group"]) }}
),

followed as (
    select
        agency_code,
        survey_code,
        min(finished_on) as improved_on
    from {{ ref('fct_plan_task') }}
    where plan_kind = 'after_survey'
    group by agency_code, survey_code
)

select
    newest.agency_code,
    newest.period,
    newest.survey_code,
    newest.respondent_group,
    newest.title,
    newest.sector,
    newest.population,
    newest.sample_planned,
    newest.forms_sent,
    newest.forms_returned,
    newest.opened_on,
    newest.closed_on,
    newest.published_on,
    max(newest.closed_on) over same_survey as survey_closed_on,
    row_number() over (
        partition by newest.agency_code, newest.survey_code
        order by newest.period, newest.respondent_group
    ) = 1 as is_survey,
    followed.improved_on,
    newest._delivery,
    newest._line,
    newest._flags
from newest
left join followed
    on
        newest.agency_code = followed.agency_code
        and newest.survey_code = followed.survey_code
window same_survey as (partition by newest.agency_code, newest.survey_code)

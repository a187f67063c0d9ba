{{ config(materialized="view") }}

-- Every number that others give: figures of reports and published tables, of announced indices, of survey rounds.
-- `book` is the report or index, `about` the breakdown or whom the line speaks of, `digits` those after the comma.
with line as (
    select
        agency_code,
        period as period_code,
        'report_submission' as origin,
        report_code as book,
        report_kind as kind,
        split_part(line_code, '|', 1) as code,
        split_part(line_code, '|', 2) as about,
        value,
        -- as printed when that was noted: 98,70 loses its last digit as a number
        coalesce(length(substring(value_note from '[0-9],([0-9]+)')), scale(trim_scale(value))) as digits,
        _delivery,
        _line
    from {{ ref('fct_report_submission') }}
    where
        line_code <> 'report'
        and value is not null
),

-- the i-th by points should have the i-th of the ranks that the table names (it may name some places only)
ranked as (
    select
        agency_code,
        period,
        index_code,
        criterion,
        subject,
        points,
        points_max,
        points_verified,
        points_survey,
        rank,
        _delivery,
        _line,
        row_number() over (one_column order by points desc, rank asc) as by_points,
        row_number() over (one_column order by rank asc) as by_rank
    from {{ ref('fct_national_index') }}
    window one_column as (partition by agency_code, period, index_code, criterion)
),

announced as (
    select
        subject.agency_code,
        subject.period as period_code,
        'national_index' as origin,
        subject.index_code as book,
        'index' as kind,
        subject.criterion || column_of.suffix as code,
        subject.subject as about,
        column_of.value,
        scale(trim_scale(column_of.value)) as digits,
        subject._delivery,
        subject._line
    from ranked as subject
    inner join ranked as placed
        on
            subject.agency_code = placed.agency_code
            and subject.period = placed.period
            and subject.index_code = placed.index_code
            and subject.criterion = placed.criterion
            and subject.by_points = placed.by_rank
    cross join
        lateral (
            values
            ('', subject.points),
            ('.max', subject.points_max),
            ('.verified', subject.points_verified),
            ('.survey', subject.points_survey),
            ('.rank', subject.rank::numeric),
            ('.rank_by_points', case when subject.rank is not null then placed.rank::numeric end)
        ) as column_of (suffix, value)
    where column_of.value is not null
),

-- of those served: the population of other groups is not counted in dossiers
surveyed as (
    select
        round.agency_code,
        round.period as period_code,
        'survey_round' as origin,
        '' as book,
        'survey' as kind,
        column_of.code,
        '' as about,
        sum(column_of.value)::numeric as value,
        0 as digits,
        (array_agg(round._delivery order by round.survey_code, round.respondent_group))[1] as _delivery,
        (array_agg(round._line order by round.survey_code, round.respondent_group))[1] as _line
    from {{ ref('fct_survey_round') }} as round
    cross join
        lateral (
            values
            ('population', case when round.respondent_group in ('citizen', 'business') then round.population end),
            ('forms_returned', round.forms_returned)
        ) as column_of (code, value)
    where column_of.value is not null
    group by round.agency_code, round.period, column_of.code
)

select *
from line
union all
select *
from announced
union all
select *
from surveyed

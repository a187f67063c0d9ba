-- What the centre announced of each province; `is_own` are the lines of the province itself, which may write its name
-- without "Tỉnh". The year before stands beside each line.
with newest as (
    {{ current_row(ref('stg_national_index'), ["agency_code", "period", "index_code", "subject", "criterion"]) }}
),

placed as (
    select
        newest.*,
        before.rank as rank_before,
        before.points as points_before
    from newest
    left join newest as before
        on
            newest.agency_code = before.agency_code
            and left(newest.period, 4)::int - 1 = left(before.period, 4)::int
            and newest.index_code = before.index_code
            and newest.subject = before.subject
            and newest.criterion = before.criterion
)

select
    newest.agency_code,
    newest.period,
    newest.index_code,
    newest.subject,
    newest.criterion,
    newest.title,
    newest.points,
    newest.points_max,
    newest.points_verified,
    newest.points_survey,
    newest.rank,
    newest.ranked_among,
    newest.announced_on,
    newest.source_document,
    newest.rank_before,
    newest.points_before,
    regexp_replace(newest.subject, '^([Tt]ỉnh|[Tt]hành phố|TP.) *', '')
    = regexp_replace(unit.name_vi, '^([Tt]ỉnh|[Tt]hành phố|TP.) *', '') as is_own,
    newest._delivery,
    newest._line,
    newest._flags
from placed as newest
inner join {{ source('reference', 'unit') }} as unit on newest.agency_code = unit.agency_code

-- What the centre announced of each province; `is_own` are the lines of the province itself, which may write its name
-- without "Tỉnh". The year before stands beside each line.
with newest as (
    {{ current_row(ref('stg_national_index'), ["agency_code", "period", "index_code", "subject", "criterion"]) }}
),

named as (
    select
        newest.*,
        {{ bare_name('newest.subject') }} as province_name
    from newest
),

placed as (
    select
        newest.*,
        before.rank as rank_before,
        before.points as points_before
    from named as newest
    left join named as before
        on
            newest.agency_code = before.agency_code
            and left(newest.period, 4)::int - 1 = left(before.period, 4)::int
            and newest.index_code = before.index_code
            and newest.province_name = before.province_name
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
    newest.province_name = {{ bare_name('unit.name_vi') }} as is_own,
    newest._delivery,
    newest._line,
    newest._flags
from placed as newest
inner join {{ source('reference', 'unit') }} as unit on newest.agency_code = unit.agency_code

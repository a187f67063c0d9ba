-- Danh sách cán bộ, công chức, viên chức: of each key the newest row, with the years for which the unit was assigned
-- posts of the person's kind.
with newest as (
    {{ current_row(ref('stg_staff'), ["agency_code", "staff_id"]) }}
),

assigned as (
    select
        agency_code,
        kind,
        string_agg(period, ' ') as years
    from {{ ref('fct_staff_quota') }}
    where quota is not null
    group by agency_code, kind
)

select
    newest.agency_code,
    newest.staff_id,
    newest.kind,
    newest.position,
    newest.in_post_from,
    newest.in_post_to,
    newest.level,
    newest.position_code,
    newest.rank,
    newest.rank_fits,
    newest.qualification,
    newest.qualification_fits,
    newest.at_one_stop,
    newest.one_stop_trained_on,
    newest.recruited_on,
    newest.appointed_by_exam,
    newest.left_as,
    newest.reviewed_on,
    newest.review_result,
    newest.review_published_on,
    newest.disciplined_on,
    newest.discipline,
    newest.has_card,
    coalesce(assigned.years, '') as quota_years,
    newest._delivery,
    newest._line,
    newest._flags
from newest
left join assigned
    on
        newest.agency_code = assigned.agency_code
        and newest.kind = assigned.kind

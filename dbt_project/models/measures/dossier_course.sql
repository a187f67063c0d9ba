{{ config(materialized="view", meta={"distribute_by": "agency_code"}) }}

-- The courses of dossiers as of the night: the days (stretches' last ones, at most the as-of's) of what has happened by
-- then, what the catalogue says of the procedure, and how the ended ones ended.
with stretch as (
    {{ stretch_ends() }}
),

-- what comes after the as-of on its own day is taken back, and stands as it did at the as-of
course as (
    select * from {{ ref('agg_dossier_stretch') }}
    union all
    {%- set taken_back = "(select *, -1 as sign from " ~ ref('dossier_later') ~ ") as later" %}
    select * from ({{ dossier_courses(taken_back, signed=true) }}) as later
    union all
    select * from ({{ dossier_courses(ref('dossier_later'), by_then=true) }}) as by_then
)

select
    course.agency_code,
    course.channel,
    coalesce(procedure.sector, course.sector) as sector,
    coalesce(nullif(course.statutory_days, -1), procedure.statutory_days) as statutory_days,
    least(course.received_by, {{ as_of_day() }}) as received_by,
    case when course.closed_by < 'infinity' then least(course.closed_by, {{ as_of_day() }}) end as closed_by,
    case
        when course.closed_by < 'infinity' and course.overdue_by < 'infinity'
            then least(course.overdue_by, {{ as_of_day() }})
        when course.overdue_by <= {{ as_of_day() }} then course.overdue_by
    end as overdue_by,
    case when course.paused_by < 'infinity' then least(course.paused_by, {{ as_of_day() }}) end as paused_by,
    case when course.resumed_by < 'infinity' then least(course.resumed_by, {{ as_of_day() }}) end as resumed_by,
    course.is_paused_in_time,
    course.dossiers,
    course.early,
    course.on_time,
    course.late,
    course.returned,
    course.stopped,
    -- of ended ones
    course.dossiers - course.early - course.on_time - course.late - course.returned - course.stopped as no_due,
    course.worked,
    course.worked_minutes
from course
left join {{ ref('dossier_procedure') }} as procedure
    on
        course.agency_code = procedure.agency_code
        and course.procedure_code = procedure.procedure_code

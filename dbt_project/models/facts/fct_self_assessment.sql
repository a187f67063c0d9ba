-- Points that agencies give themselves, one row per criterion. `is_main`: of the set of criteria that the province goes
-- by.
with newest as (
    {{ current_row(ref('stg_self_assessment'), ["agency_code", "period", "framework", "criterion"]) }}
),

main as ( -- the set of criteria that the province goes by, itself by the Ministry's; without the setting any
    select max(value) as framework
    from {{ source('reference', 'setting') }}
    where
        province = {{ province() }}
        and name = 'framework'
)

select
    newest.agency_code,
    newest.period,
    newest.framework,
    newest.criterion,
    newest.points,
    newest.not_applicable,
    newest.value,
    newest.explanation,
    newest.evidence,
    newest.evidence_place,
    newest.assessed_on,
    unit.kind = 'province' or newest.framework = coalesce(main.framework, newest.framework) as is_main,
    newest._delivery,
    newest._line,
    newest._flags
from newest
inner join {{ ref('stg_unit') }} as unit on newest.agency_code = unit.agency_code
cross join main

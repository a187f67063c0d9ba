-- Verified points, one row per criterion and round; `is_last` is the newest round of its criterion, whose word counts.
-- `is_main`: of the set of criteria that the province goes by.
with newest as (
    {{ current_row(ref('stg_verification'), ["agency_code", "period", "framework", "criterion", "round"]) }}
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
    newest.round,
    newest.verifier_code,
    newest.outcome,
    newest.points,
    newest.not_applicable,
    newest.reason,
    newest.agency_explanation,
    newest.verified_on,
    unit.kind = 'province' or newest.framework = coalesce(main.framework, newest.framework) as is_main,
    newest.round = max(newest.round) over (
        partition by newest.agency_code, newest.period, newest.framework, newest.criterion
    ) as is_last,
    newest._delivery,
    newest._line,
    newest._flags
from newest
inner join {{ ref('stg_unit') }} as unit on newest.agency_code = unit.agency_code
cross join main

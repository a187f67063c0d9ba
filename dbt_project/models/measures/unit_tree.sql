{{ config(materialized="ephemeral") }}

-- Every unit with itself and each unit under it, of any time, up to four steps down (recursion would not spread).
with unit as (
    select
        agency_code,
        parent_code,
        level
    from {{ ref('stg_unit') }}
)

select
    whole.agency_code,
    part.agency_code as part_code,
    part.level
from unit as part
left join unit as above_1 on part.parent_code = above_1.agency_code
left join unit as above_2 on above_1.parent_code = above_2.agency_code
left join unit as above_3 on above_2.parent_code = above_3.agency_code
cross join
    lateral (
        values
        (part.agency_code),
        (above_1.agency_code),
        (above_2.agency_code),
        (above_3.agency_code),
        (above_3.parent_code)
    ) as whole (agency_code)
where whole.agency_code is not null

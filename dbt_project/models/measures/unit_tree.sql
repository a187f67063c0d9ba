{{ config(materialized="ephemeral") }}

-- Every unit with itself and each unit under it, of any time.
with recursive below as (
    select
        agency_code,
        agency_code as part_code,
        level
    from {{ ref('stg_unit') }}
    union
    select
        below.agency_code,
        unit.agency_code as part_code,
        unit.level
    from below
    inner join {{ ref('stg_unit') }} as unit on below.part_code = unit.parent_code
)

select
    agency_code,
    part_code,
    level
from below

-- The province's units with their dates: the only authority on who exists.
select
    agency_code,
    kind,
    level,
    block,
    parent_code,
    valid_from,
    valid_to
from {{ source('reference', 'unit') }}
where province = {{ province() }}

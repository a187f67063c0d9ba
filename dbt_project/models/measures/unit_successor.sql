{{ config(materialized="view", meta={"reference": true}) }}

-- Where each unit of any time stands in today's tree (the as-of's): itself, or what the decrees name as its successor,
-- followed over up to four changes. `attribution`: same; whole (one successor is named); first (several are: what part
-- went where no figure tells, so the first named takes all, marked); none (no successor is named).
with unit as (
    select
        agency_code,
        coalesce(valid_to <= {{ as_of_day() }}, false) as has_ended,
        nullif(split_part(btrim(successor_codes), ' ', 1), '') as first_code,
        coalesce(btrim(successor_codes) like '% %', false) as was_split
    from {{ source('reference', 'unit') }}
    where province = {{ province() }}
),

step as (
    select
        agency_code,
        case when has_ended then first_code else agency_code end as next_code,
        case when not has_ended then 0 when was_split then 2 else 1 end as mark
    from unit
),

followed as (
    select
        first.agency_code,
        fourth.next_code as successor_code,
        greatest(first.mark, second.mark, third.mark, fourth.mark) as mark
    from step as first
    left join step as second on first.next_code = second.agency_code
    left join step as third on second.next_code = third.agency_code
    left join step as fourth on third.next_code = fourth.agency_code
)

select
    agency_code,
    successor_code,
    case
        when successor_code is null then 'none'
        else (array['same', 'whole', 'first'])[mark + 1]
    end as attribution
from followed

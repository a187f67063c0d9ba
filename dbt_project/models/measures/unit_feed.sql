-- The feeds that are collected from each unit: its nearest sender (the unit itself, then its parents) has a delivery in
-- force, or rows of the unit came from elsewhere. `first_on`: the first day that any row of the feed speaks of. What is
-- not here, or ends before that day, is "not collected" (M), never 0. `contract_version`: the newest that the unit's
-- rows came by; what only a later version has was not collected either.
with ancestor as (
    select
        agency_code,
        agency_code as ancestor_code,
        0 as distance
    from {{ ref('stg_unit') }}
    union all
    select
        agency_code,
        parent_code as ancestor_code,
        1 as distance
    from {{ ref('stg_unit') }}
    where parent_code is not null
    union all
    select
        unit.agency_code,
        parent.parent_code as ancestor_code,
        2 as distance
    from {{ ref('stg_unit') }} as unit
    inner join {{ ref('stg_unit') }} as parent on unit.parent_code = parent.agency_code
    where parent.parent_code is not null
),

sender as (
    select
        source.sender_code,
        source.feed,
        bool_or(delivery.delivery_id is not null) as has_delivered,
        max(delivery.contract_version) as contract_version
    from {{ source('ops', 'source') }} as source
    left join {{ ref('stg_delivery') }} as delivery on source.source_id = delivery.source_id
    where
        source.province = {{ province() }}
        and (source.active or delivery.delivery_id is not null)
    group by source.sender_code, source.feed
),

nearest as (
    select distinct on (ancestor.agency_code, sender.feed)
        ancestor.agency_code,
        sender.feed,
        sender.has_delivered,
        sender.contract_version
    from ancestor
    inner join sender on ancestor.ancestor_code = sender.sender_code
    order by ancestor.agency_code, sender.feed, ancestor.distance
),

collected as (
    select
        agency_code,
        feed,
        contract_version
    from nearest
    where has_delivered
    {%- for one in measured_feeds() %}
    union
    {%- if one.rows.startswith("fct_") %}
    select distinct
        fact.agency_code,
        delivery.feed,
        delivery.contract_version
    from {{ ref(one.rows) }} as fact
    inner join {{ ref('stg_delivery') }} as delivery on fact._delivery = delivery.delivery_id
    {%- else %}
    select distinct
        agency_code,
        '{{ one.feed }}' as feed,
        1 as contract_version
    from {{ ref(one.rows) }}
    {%- endif %}
    {%- endfor %}
),

first_day as (
    {%- for one in measured_feeds() if one.first_on %}
    select
        '{{ one.feed }}' as feed,
        {{ one.first_on }} as first_on
    from {{ ref(one.rows) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select
    collected.agency_code,
    collected.feed,
    coalesce(first_day.first_on, '-infinity') as first_on,
    max(collected.contract_version) as contract_version
from collected
left join first_day on collected.feed = first_day.feed
group by collected.agency_code, collected.feed, first_day.first_on

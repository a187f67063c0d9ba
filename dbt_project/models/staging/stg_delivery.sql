{{
    config(
        materialized="table",
        meta={"reference": true},
        indexes=[{"columns": ["delivery_id"], "unique": true}],
        post_hook="{{ analyze_small(this) }}",
    )
}}

-- The deliveries whose rows count tonight; a table, so that whoever joins it knows how few or many they are, with an
-- index, so that a small change, whose rows the planner takes for one, does not read it once a row.
with arrived as (  -- the same bytes may come again
    select
        arrival.delivery_id,
        max(arrival.arrived_at) as last_arrived_at
    from {{ source('ops', 'arrival') }} as arrival
    where arrival.arrived_at <= {{ as_of() }}
    group by arrival.delivery_id
)

select
    delivery.delivery_id,
    delivery.source_id,
    source.sender_code,
    delivery.feed,
    delivery.contract_version,
    delivery.sha256,
    delivery.arrived_at,
    coalesce(arrived.last_arrived_at, delivery.arrived_at) as last_arrived_at
from {{ source('ops', 'cut_delivery') }} as cut_delivery
inner join {{ source('ops', 'delivery') }} as delivery on cut_delivery.delivery_id = delivery.delivery_id
inner join {{ source('ops', 'source') }} as source on delivery.source_id = source.source_id
left join arrived on delivery.delivery_id = arrived.delivery_id
where
    cut_delivery.cut_id = {{ cut_id() }}
    and cut_delivery.in_force

{{ config(materialized="table", meta={"reference": true}, post_hook="{{ analyze_small(this) }}") }}

-- The deliveries whose rows count tonight; a table, so that whoever joins it knows how few or many they are.
select
    delivery.delivery_id,
    delivery.source_id,
    source.sender_code,
    delivery.feed
from {{ source('ops', 'cut_delivery') }} as cut_delivery
inner join {{ source('ops', 'delivery') }} as delivery on cut_delivery.delivery_id = delivery.delivery_id
inner join {{ source('ops', 'source') }} as source on delivery.source_id = source.source_id
where
    cut_delivery.cut_id = {{ cut_id() }}
    and cut_delivery.in_force

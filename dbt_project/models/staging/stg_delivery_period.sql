{{ config(materialized="table", meta={"reference": true}, post_hook="{{ analyze_small(this) }}") }}

-- The periods for which a delivery of a `window` feed counts tonight: no later delivery of its source names them.
select
    cut_period.delivery_id,
    cut_period.period
from {{ source('ops', 'cut_period') }} as cut_period
where cut_period.cut_id = {{ cut_id() }}

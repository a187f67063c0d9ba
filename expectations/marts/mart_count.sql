-- What the warehouse holds of each delivery of the cut against what was counted when it was taken in.
with cut as (
    select delivery.*
    from ops.cut_delivery inner join ops.delivery as delivery using (delivery_id)
    where cut_delivery.cut_id = %(cut_id)s and delivery.rows_read is not null  -- attachments have no rows
),

refused as (
    select delivery_id, count(distinct line) as lines
    from quarantine.row
    where why is distinct from 'replayed'
    group by delivery_id
),

unit as (
    select delivery_id, sum(rows) as rows
    from ops.delivery_unit
    group by delivery_id
)

select
    cut.delivery_id::text as delivery,
    abs(coalesce(stored_rows.stored, 0) - cut.rows_accepted - cut.rows_unchanged) as stored_off,
    abs(coalesce(refused.lines, 0) - cut.rows_quarantined) as quarantine_off,
    abs(cut.rows_counted - cut.rows_read) as second_count_off,
    abs(coalesce(unit.rows, 0) - coalesce(stored_rows.stored, 0)) as units_off
from cut
left join ops.stored_rows(%(cut_id)s) as stored_rows using (delivery_id)
left join refused using (delivery_id)
left join unit using (delivery_id)
order by cut.delivery_id

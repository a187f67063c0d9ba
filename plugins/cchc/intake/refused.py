"""Reads the quarantine for whoever asks: command line, slips."""

from cchc.warehouse.connect import connect
from cchc.warehouse.roles import LOADER

ROWS = """
select q.delivery_id, d.name, q.line, q.rule, q.column_name, q.message_vi, coalesce(q.why, q.state), q.closed_by, q.closed_at, q.cells
from quarantine.row q join ops.delivery d using (delivery_id)
where d.province = %s and (%s::bigint is null or q.delivery_id = %s) and (%s::text is null or strpos(d.source_id, %s) > 0)
  and (%s or q.state = 'open')
order by q.delivery_id, q.line, q.rule, q.column_name"""


def refused_rows(province: str, delivery: int | None = None, source: str | None = None, closed: bool = False) -> list[tuple]:
    """Delivery, file, line, rule, column, reason, state (open, or why it is closed), closing delivery, when, kept cells."""
    with connect(LOADER) as connection:
        return connection.execute(ROWS, (province, delivery, delivery, source, source, closed)).fetchall()

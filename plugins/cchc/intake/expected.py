"""What each unit owes: who was expected for which period until when, and what came of it (docs/deliveries.md).

One set-based query over the delivery calendar, the units' own dates, the exceptions and ops.arrival. The cut stores its answer as
the coverage; reminders, alerts, the watcher and return slips ask it for a moment of their own.
"""

from datetime import date, datetime
from typing import NamedTuple

import psycopg
from psycopg.rows import class_row

EXPECTED = """
with recursive live as (
  select value::date as since from reference.setting where province = %(province)s and name = 'go_live_on'),
moment as (select %(as_of)s::timestamptz as as_of, (%(as_of)s::timestamptz at time zone 'Asia/Ho_Chi_Minh')::date as today),
ruled as (  -- a period of a kind that a feed's calendar asks for, with its three days
  select c.feed, c.applies_to, c.period_kind, p.period_code, p.starts_on, p.ends_on,
    coalesce(opens.day, p.starts_on) as opens_on,
    case when c.due_working_days = 0 then p.ends_on else due.day end as due_on,
    case when c.accept_working_days = 0 then p.ends_on else accept.day end as accept_on
  from reference.delivery_calendar c
  join reference.period p on p.province = c.province and p.kind = c.period_kind
    and p.ends_on >= c.valid_from and (c.valid_to is null or p.ends_on < c.valid_to)
  join live on p.ends_on >= live.since
  left join reference.calendar_day last on (last.province, last.day) = (p.province, p.ends_on)
  left join reference.calendar_day opens on opens.province = p.province and opens.is_working
    and opens.working_number = last.working_number - c.open_working_days
  left join reference.calendar_day due on due.province = p.province and due.is_working
    and due.working_number = last.working_number + c.due_working_days
  left join reference.calendar_day accept on accept.province = p.province and accept.is_working
    and accept.working_number = last.working_number + c.accept_working_days
  where c.province = %(province)s),
window_of as (  -- what comes after a period's window and before the next one's is too late for it
  select *, lead(opens_on) over (partition by feed, applies_to, period_kind order by ends_on) as next_opens_on from ruled),
one_stop as (
  select distinct on (o.agency_code) o.agency_code, o.one_stop_since from accepted.organisation o
  join ops.delivery d on d.delivery_id = o._delivery and d.province = %(province)s and d.status = 'accepted' and d.arrived_at <= %(as_of)s
  order by o.agency_code, o._version desc, o._delivery desc, o._line desc),
owed as (
  select distinct on (w.feed, w.period_code, u.agency_code)
    u.agency_code, u.kind, w.feed, w.period_code, w.starts_on, w.ends_on, w.opens_on, w.next_opens_on,
    e.kind as exception_kind, e.until as exception_until, e.decided_by as exception_by, e.reason as exception_reason,
    coalesce(e.kind = 'exempt' and m.today <= e.until, false) as is_exempt,
    case when e.kind = 'extended' then greatest(w.due_on, e.until) else w.due_on end as due_on,
    case when e.kind = 'extended' then greatest(w.accept_on, e.until) else w.accept_on end as accept_on
  from moment m
  join window_of w on w.opens_on <= m.today
  join reference.unit u on u.province = %(province)s and u.valid_from <= w.ends_on and (u.valid_to is null or u.valid_to > w.ends_on)
  left join one_stop o on o.agency_code = u.agency_code
  left join reference.delivery_exception e on (e.agency_code, e.province, e.feed, e.period_code)
    = (u.agency_code, u.province, w.feed, w.period_code)
  where case w.applies_to when 'agency' then u.block is not null when 'one_stop' then o.one_stop_since <= w.ends_on
             else u.kind = w.applies_to end
  order by w.feed, w.period_code, u.agency_code, w.applies_to = 'agency', w.applies_to = 'one_stop'),
above as (
  select agency_code, agency_code as above_code, 0 as distance from reference.unit where province = %(province)s
  union all
  select a.agency_code, u.parent_code, a.distance + 1 from above a join reference.unit u on u.agency_code = a.above_code
  where u.parent_code is not null and a.distance < 5),
sends as (  -- the nearest sender of each unit and feed: itself, then those above it
  select distinct on (a.agency_code, s.feed) a.agency_code, s.feed, s.sender_code
  from above a join ops.source s on s.sender_code = a.above_code and s.province = %(province)s and s.active
  order by a.agency_code, s.feed, a.distance),
came as (
  select d.delivery_id, s.sender_code, d.feed, d.status, coalesce(d.rows_accepted + d.rows_unchanged, 0) as rows,
    coalesce(a.arrived_at, d.arrived_at) as arrived_at,
    (coalesce(a.arrived_at, d.arrived_at) at time zone 'Asia/Ho_Chi_Minh')::date as arrived_on
  from ops.delivery d join ops.source s using (source_id) left join ops.arrival a using (delivery_id)
  where d.province = %(province)s and coalesce(a.arrived_at, d.arrived_at) <= %(as_of)s),
pair as (  -- from its own sender, or from anyone's bytes that hold its rows
  select o.agency_code, o.feed, o.period_code, c.delivery_id, c.status, c.arrived_at, c.arrived_on,
    case when o.kind = 'province' then c.rows else coalesce(du.rows, 0) end as unit_rows, -- the province owes what it collects of others
    c.arrived_on <= o.accept_on as in_time, c.arrived_on <= o.due_on as punctual
  from owed o
  join came c on c.feed = o.feed and c.arrived_on >= o.opens_on
    and (o.next_opens_on is null or c.arrived_on < greatest(o.next_opens_on, o.accept_on + 1))
  left join sends s on s.agency_code = o.agency_code and s.feed = o.feed
  left join ops.delivery_unit du on du.agency_code = o.agency_code and du.delivery_id = c.delivery_id
  where c.sender_code = s.sender_code or du.rows > 0),
seen as (
  select agency_code, feed, period_code, max(arrived_at) as last_arrived_at,
    bool_or(status = 'accepted' and in_time) as accepted,
    bool_or(status = 'accepted' and in_time and unit_rows > 0) as usable,
    bool_or(status = 'accepted' and punctual and unit_rows > 0) as on_time,
    bool_or(status = 'accepted' and not in_time) as too_late,
    (array_agg(status order by arrived_at desc, delivery_id desc))[1] as last_status
  from pair group by agency_code, feed, period_code),
answer as (
  select o.*, s.sender_code, n.last_arrived_at,
    case when is_exempt then 0 else 1 end as expected,
    case when not is_exempt and n.agency_code is not null then 1 else 0 end as arrived,
    case when not is_exempt and n.accepted then 1 else 0 end as accepted,
    case when not is_exempt and n.usable then 1 else 0 end as usable,
    case when not is_exempt and n.on_time then 1 else 0 end as on_time,
    case when is_exempt then 'exempt' when n.on_time then 'on_time' when n.usable then 'late' when n.accepted then 'empty'
         when n.too_late then 'too_late' when n.agency_code is not null then n.last_status
         when o.due_on < m.today or o.due_on = m.today and m.as_of >= (o.due_on + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh'
              - interval '1 microsecond' then 'absent' else 'open' end as state
  from owed o cross join moment m
  left join seen n using (agency_code, feed, period_code)
  left join sends s using (agency_code, feed))
"""

STORE = (
    """
insert into ops.unit_coverage (agency_code, cut_id, feed, period_code, sender_code, expected, arrived, accepted, usable, on_time, state,
  due_on, accept_on, last_arrived_at, exception_kind, exception_until, exception_by, exception_reason)
"""
    + EXPECTED
    + """
select agency_code, %(cut)s, feed, period_code, sender_code, expected, arrived, accepted, usable, on_time, state, due_on, accept_on,
  last_arrived_at, exception_kind, exception_until, exception_by, exception_reason
from answer"""
)

FRESH = """
with latest as (  -- of each sender and feed: the newest period whose delivery is due, and whether anything came for it
  select distinct on (sender_code, feed) sender_code, feed, bool_or(usable = 1 or state in ('too_late', 'empty')) as has_come,
    bool_or(state in ('held', 'refused')) as was_turned_down, max(state) filter (where state in ('held', 'refused')) as last_status
  from ops.unit_coverage where cut_id = %(cut)s and expected = 1 and state <> 'open' and due_on <= %(as_of)s::date
  group by sender_code, feed, period_code, due_on order by sender_code, feed, due_on desc)
update ops.coverage c set state = coalesce(l.last_status, 'late')
from latest l
where c.cut_id = %(cut)s and c.state = 'in' and (c.sender_code, c.feed) = (l.sender_code, l.feed) and not l.has_come"""


class Owed(NamedTuple):
    """One delivery that a unit owes for a period; `state` as in docs/deliveries.md."""

    agency_code: str
    feed: str
    period_code: str
    sender_code: str | None
    state: str
    usable: int
    due_on: date | None  # đúng hạn đến
    accept_on: date | None  # còn nhận đến
    exception_kind: str | None
    exception_until: date | None
    exception_by: str | None
    exception_reason: str | None


class Deadline(NamedTuple):
    """Until when a source's next delivery counts: `due_on` is *đúng hạn đến*, `accept_on` is *còn nhận đến*, both inclusive."""

    period_code: str
    due_on: date
    accept_on: date


def store_coverage(connection: psycopg.Connection, province: str, as_of: datetime, cut_id: int) -> None:
    """Write a cut's coverage by unit, and mark the sources whose newest delivery is older than what is due."""
    values = {"province": province, "as_of": as_of, "cut": cut_id}
    connection.execute("delete from ops.unit_coverage where cut_id = %s", (cut_id,))  # exceptions may have come since
    connection.execute(STORE, values)
    connection.execute(FRESH, values)


def owed(connection: psycopg.Connection, province: str, as_of: datetime) -> list[Owed]:
    """Everything expected by `as_of` whose window has opened, ordered by sender, day and unit."""
    columns = ", ".join(Owed._fields)
    with connection.cursor(row_factory=class_row(Owed)) as cursor:
        query = f"{EXPECTED} select {columns} from answer order by sender_code nulls first, due_on, feed, agency_code, period_code"
        return cursor.execute(query, {"province": province, "as_of": as_of}).fetchall()


def deadline(connection: psycopg.Connection, source_id: str, as_of: datetime) -> Deadline | None:
    """Until when a (corrected) delivery of `source_id` counts, for the earliest period that is still received at `as_of`.

    None when the delivery calendar expects nothing of this source now.
    """
    found = connection.execute(
        f"""{EXPECTED} select a.period_code, a.due_on, a.accept_on from answer a
            join ops.source s on s.source_id = %(source)s and (s.sender_code, s.feed) = (a.sender_code, a.feed)
            where a.expected = 1 and a.accept_on >= (select today from moment) order by a.accept_on, a.period_code limit 1""",
        {"province": source_id.split("/")[0], "as_of": as_of, "source": source_id},
    ).fetchone()
    return Deadline(*found) if found else None

"""Which refused rows are still open: one rule per replacement mode, worked out set-based from what the warehouse holds.

Nothing is remembered but the outcome, so a delivery that is withdrawn, held, let in or sent again changes it back
(docs/adr/0013-quarantine-closes.md).
"""

from datetime import datetime

import psycopg

from cchc.contracts import Contract, Mode, contract, feeds
from cchc.contracts.staging import FOLLOWED
from cchc.contracts.tables import SQL_TYPES
from cchc.warehouse.query import one

ANY = """select count(*) from (select from quarantine.row q join ops.delivery d using (delivery_id)
                               where d.source_id = %s and q.why is distinct from 'replayed' limit 1) as any_row"""

SETTLE = """
with delivery as (
  select d.delivery_id, d.status, regexp_replace(d.name, '^.*/', '') as file, d.rows_accepted + d.rows_unchanged as usable,
         coalesce(max(a.arrived_at), d.arrived_at) as arrived_at, d.arrived_at as first_arrived_at
  from ops.delivery d left join ops.arrival a using (delivery_id) where d.source_id = %(source)s group by d.delivery_id),
refused as (
  select distinct r.delivery_id, r.line, r.row_key, coalesce(r.version, d.{arrival}) as version, d.arrived_at
  from quarantine.row r join delivery d using (delivery_id) where r.why is distinct from 'replayed' and {touched}),
closing as ({closing}),
verdict as (
  select r.delivery_id, r.line, case when d.status = 'withdrawn' then 'withdrawn' else c.why end as why,
         case when d.status <> 'withdrawn' then c.closed_by end as closed_by
  from refused r join delivery d using (delivery_id) left join closing c using (delivery_id, line))
update quarantine.row q
set state = case when v.why is null then 'open' else 'closed' end, why = v.why, closed_by = v.closed_by,
    closed_at = case when v.why is not null then %(at)s end
from verdict v
where (q.delivery_id, q.line) = (v.delivery_id, v.line) and q.why is distinct from 'replayed'
  and (q.why, q.closed_by) is distinct from (v.why, v.closed_by)"""

# a whole state stands until the next one that counts: that one closes all, and mends what it has with the same key
SNAPSHOT = """
  select r.delivery_id, r.line, n.closed_by, case when k._delivery is null then 'superseded' else 'mended' end as why
  from refused r
  join (select distinct on (o.delivery_id) o.delivery_id, m.delivery_id as closed_by
        from (select distinct delivery_id, arrived_at from refused) o
        join delivery m on m.status = 'accepted' and (m.arrived_at, m.delivery_id) > (o.arrived_at, o.delivery_id)
        order by o.delivery_id, m.arrived_at, m.delivery_id) n using (delivery_id)
  left join (select distinct _delivery, {keys} from {table} where _delivery in (select delivery_id from delivery)) k
    on k._delivery = n.closed_by and {same_key}"""

# the same for each period that a delivery names; without a key, one that names all its periods, or the same file again
WINDOW = """
  select distinct on (r.delivery_id, r.line) r.delivery_id, r.line, m.delivery_id as closed_by,
         case when k._delivery is null then 'superseded' else 'mended' end as why
  from refused r join delivery o using (delivery_id)
  join delivery m on m.status = 'accepted' and (m.arrived_at, m.delivery_id) > (r.arrived_at, r.delivery_id)
    and case when r.row_key is not null then exists (
               select from ops.delivery_period p where p.delivery_id = m.delivery_id and p.period = r.row_key ->> '{period}')
             when coalesce(o.usable, 0) = 0 then m.file = o.file
             else not exists (select period from ops.delivery_period p where p.delivery_id = r.delivery_id
                              except select period from ops.delivery_period p where p.delivery_id = m.delivery_id) end
  left join (select distinct _delivery, {keys} from {table} where _delivery in (select delivery_id from delivery)) k
    on k._delivery = m.delivery_id and {same_key}
  order by r.delivery_id, r.line, m.arrived_at, m.delivery_id"""

# a row is mended by the first newer version of its key; without a key, by a delivery that sends the whole file again
# (only deliveries with something as new as the oldest of the refused rows are searched for their keys)
CHANGES = """
  (select distinct on (r.delivery_id, r.line) r.delivery_id, r.line, m.delivery_id as closed_by, 'mended' as why
   from refused r
   join (select {keys}, {stamp} as stamp, _delivery from {table} where _delivery = any(array(
           select d.delivery_id from delivery d
           left join ops.delivery_statistic s on s.delivery_id = d.delivery_id and s.statistic = 'newest_version'
           where d.status = 'accepted'
             and (s.value is null or greatest(to_timestamp(s.value) + interval '1 s', d.arrived_at)
                                     >= (select min(version) from refused where row_key is not null))))) k
     on {same_key}
   join delivery m on m.delivery_id = k._delivery
   where m.delivery_id <> r.delivery_id and ({version}, m.delivery_id) > (r.version, r.delivery_id)
   order by r.delivery_id, r.line, {version}, m.delivery_id)
  union all
  (select distinct on (r.delivery_id, r.line) r.delivery_id, r.line, w.closed_by, 'superseded'
   from refused r
   join (select o.delivery_id, m.delivery_id as closed_by, m.arrived_at
         from (select distinct delivery_id from refused where row_key is null) x join delivery o using (delivery_id)
         join delivery m on m.status = 'accepted' and (m.arrived_at, m.delivery_id) > (o.arrived_at, o.delivery_id)
         where case when coalesce(o.usable, 0) = 0 then m.file = o.file
                    else m.usable >= o.usable and not exists (
                      select {keys} from {table} where _delivery = o.delivery_id
                      except select {keys} from {table} where _delivery = m.delivery_id) end) w using (delivery_id)
   where r.row_key is null
   order by r.delivery_id, r.line, w.arrived_at, w.closed_by)"""


def settle_source(connection: psycopg.Connection, source_id: str, agreed: Contract, at: datetime, came: int | None = None) -> None:
    """Close the source's refused rows that later deliveries mend and open those whose mender no longer counts.

    `at` is the moment noted as closed_at. `came`: the delivery that has just come, where nothing else of the source has
    changed: of a `changes` feed only its own refused rows and those whose keys it speaks of are looked at. Costs nothing
    for a source without refused rows.
    """
    if one(connection.execute(ANY, (source_id,)))[0]:
        arrival, touched = _arrival(agreed), _touched(agreed, came)
        query = SETTLE.format(closing=_closing(agreed, arrival), arrival=arrival, touched=touched)
        connection.execute(query, {"source": source_id, "at": at})


def _touched(agreed: Contract, came: int | None) -> str:
    """Which refused rows a delivery may settle; those without a key may be meant by any."""
    if came is None or agreed.mode is not Mode.CHANGES:
        return "true"
    spoken = f"exists (select from accepted.{agreed.feed} k where k._delivery = {came} and {_same_key(agreed)})"
    return f"(r.delivery_id = {came} or r.row_key is null or {spoken})"


def settle_delivery(connection: psycopg.Connection, delivery_id: int, at: datetime) -> None:
    """The same for the source of a delivery whose status or arrival has changed."""
    source_id, feed, version = one(
        connection.execute("select source_id, feed, contract_version from ops.delivery where delivery_id = %s", (delivery_id,))
    )
    if feed not in feeds():
        return  # an attachment has no rows
    connection.execute("select from ops.source where source_id = %s for update", (source_id,))  # one settling of a source at a time
    settle_source(connection, source_id, contract(feed, version), at)


def _arrival(agreed: Contract) -> str:
    """What stands for the stamp of a row that has none, as in the feed's staging model."""
    return "first_arrived_at" if agreed.feed in FOLLOWED else "arrived_at"


def _closing(agreed: Contract, arrival: str) -> str:
    stamp = contract(agreed.feed).version_column or "null::timestamptz"  # the table has the newest contract's columns
    return {Mode.SNAPSHOT: SNAPSHOT, Mode.WINDOW: WINDOW, Mode.CHANGES: CHANGES}[agreed.mode].format(
        period=agreed.period_column,
        table=f"accepted.{agreed.feed}",
        keys=", ".join(agreed.key),
        same_key=_same_key(agreed),
        stamp=stamp,
        version=f"coalesce(k.stamp, m.{arrival})",
    )


def _same_key(agreed: Contract) -> str:
    """That accepted row `k` has the key of refused row `r`."""
    return " and ".join(f"k.{name} = (r.row_key ->> '{name}')::{SQL_TYPES[agreed.columns[name].type]}" for name in agreed.key)

"""The cut: which deliveries a night takes in, and who was expected (decision 1)."""

from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256

import psycopg
from croniter import croniter

from cchc.clock import now
from cchc.connectors.sources import read_sender, sender_files, source_id
from cchc.contracts import Mode, contract, feeds
from cchc.errors import ConfigError
from cchc.intake.expected import store_coverage
from cchc.intake.reference import load_reference
from cchc.intake.slips import write_slips
from cchc.quality.deliveries import judge_deliveries
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.locks import night_lock
from cchc.warehouse.query import one
from cchc.warehouse.roles import LOADER
from cchc.warehouse.sum_up import know_tables, sum_up

ARRIVED = """
with arrived as (  -- the same bytes may come again after others: what came last counts
  select d.delivery_id, d.source_id, d.feed, coalesce(max(a.arrived_at), d.arrived_at) as last_arrived_at
  from ops.delivery d left join ops.arrival a on a.delivery_id = d.delivery_id and a.arrived_at <= %(as_of)s
  where d.province = %(province)s and d.status = 'accepted' and d.arrived_at <= %(as_of)s
  group by d.delivery_id),
named as (  -- the periods of a window feed: each belongs to the delivery of its source that named it last
  select distinct on (source_id, period) delivery_id, period
  from arrived join ops.delivery_period using (delivery_id)
  order by source_id, period, last_arrived_at desc, delivery_id desc)
"""

CUT = (
    ARRIVED
    + """
select delivery_id, case when feed = any(%(windows)s) then delivery_id in (select delivery_id from named)
                         else feed <> all(%(snapshots)s)
                              or row_number() over (partition by source_id order by last_arrived_at desc, delivery_id desc) = 1
                    end as in_force
from arrived order by delivery_id"""
)

PERIODS = ARRIVED + "select delivery_id, period from named order by delivery_id, period"

COVERAGE = """
insert into ops.coverage
select %(cut)s, s.source_id, s.sender_code, s.feed, s.required,
       case when exists (select from ops.cut_delivery c join ops.delivery d using (delivery_id)
                         where c.cut_id = %(cut)s and d.source_id = s.source_id) then 'in'
            else coalesce((select d.status from ops.delivery d where d.source_id = s.source_id and d.arrived_at <= %(as_of)s
                             and d.status in ('held', 'refused') order by d.arrived_at desc limit 1), 'absent') end,
       last.delivery_id, last.arrived_at
from ops.source s
left join lateral (select d.delivery_id, d.arrived_at from ops.delivery d
                   where d.source_id = s.source_id and d.arrived_at <= %(as_of)s
                   order by d.arrived_at desc, d.delivery_id desc limit 1) last on true
where s.province = %(province)s and s.active"""


def take_cut(config: Settings, as_of: datetime) -> int:
    """Open a night: load reference data, judge new deliveries, take the cut and the coverage; returns the cut's id.

    The same deliveries at the same as-of are the same cut.
    """
    load_reference(config)
    sum_up(feeds())
    know_tables()
    with night_lock(config.province.name), connect(LOADER) as connection:
        _expect_sources(connection, config)
        night_id = _open_night(connection, config.province.name, as_of)
        held = judge_deliveries(connection, config, night_id, as_of)
        cut_id = _cut(connection, config.province.name, as_of)
        connection.execute("update ops.night set cut_id = %s where night_id = %s", (cut_id, night_id))
    write_slips(config, held)
    return cut_id


def unfinished_ingests(config: Settings, as_of: datetime) -> list[str]:
    """Senders that the night still waits for: intakes running now, and tonight's due ones that have not begun.

    A replay (an as-of older than a day) waits for running intakes of that as-of only.
    """
    replay = now() - as_of > timedelta(days=1)
    with connect(LOADER) as connection:
        rows = connection.execute(
            "select sender_code, as_of, started_at, state from ops.ingest where province = %s", (config.province.name,)
        ).fetchall()
    running = {r[0] for r in rows if r[3] == "running" and (r[1] == as_of or not replay)}
    begun = {r[0]: max(x[2] for x in rows if x[0] == r[0]) for r in rows}
    return sorted(running if replay else running | _due_not_begun(config, as_of, begun))


def _due_not_begun(config: Settings, as_of: datetime, begun: dict[str, datetime]) -> set[str]:
    missing = set()
    for path in sender_files(config):
        with suppress(ConfigError):  # an unreadable file can't be waited for; its placeholder DAG fails
            due = croniter(read_sender(path).schedule, as_of).get_prev(datetime)
            if as_of - due < timedelta(days=1) and not (path.stem in begun and begun[path.stem] >= due):
                missing.add(path.stem)
    return missing


def _open_night(connection: psycopg.Connection, province: str, as_of: datetime) -> int:
    connection.execute(
        "update ops.night set state = 'red', reason = 'broken off; a newer night took over', ended_at = %s "
        "where province = %s and state in ('running', 'built')",
        (now(), province),
    )
    return one(
        connection.execute(
            "insert into ops.night (province, as_of, started_at, state) values (%s, %s, %s, 'running') returning night_id",
            (province, as_of, now()),
        )
    )[0]


def _expect_sources(connection: psycopg.Connection, config: Settings) -> None:
    """Every source in a readable YAML is expected, also one that never sent; one that left the folder no longer is."""
    expected, unreadable = [], []
    for path in sender_files(config):
        try:
            sender = read_sender(path)
        except ConfigError:
            unreadable.append(path.stem)  # its placeholder DAG says so; what it sent before stays expected
            continue
        for name, source in sender.sources.items():
            expected.append((source_id(config, path, name), config.province.name, sender.sender, source.feed, source.required,
                             sender.synthetic, source.every))  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(
            """insert into ops.source (source_id, province, sender_code, feed, required, synthetic, expected_every)
               values (%s, %s, %s, %s, %s, %s, %s)
               on conflict (source_id) do update set required = excluded.required, active = true""",
            expected,
        )
    connection.execute(
        """update ops.source set active = false where province = %s and source_id <> all(%s)
             and split_part(source_id, '/', 2) <> all(%s)""",
        (config.province.name, [row[0] for row in expected], unreadable),
    )


def _cut(connection: psycopg.Connection, province: str, as_of: datetime) -> int:
    by_mode = {mode: [feed for feed in feeds() if contract(feed).mode is mode] for mode in Mode}
    values = {"province": province, "as_of": as_of, "snapshots": by_mode[Mode.SNAPSHOT], "windows": by_mode[Mode.WINDOW]}
    rows, periods = (connection.execute(query, values).fetchall() for query in (CUT, PERIODS))
    digest = sha256(repr((rows, periods) if periods else rows).encode()).hexdigest()
    cut_id = one(
        connection.execute(
            """insert into ops.cut (province, as_of, taken_at, content_hash) values (%s, %s, %s, %s)
           on conflict (province, as_of, content_hash) do update set taken_at = ops.cut.taken_at returning cut_id""",
            (province, as_of, now(), digest),
        )
    )[0]
    with connection.cursor() as cursor:
        cursor.executemany("insert into ops.cut_delivery values (%s, %s, %s) on conflict do nothing", [(cut_id, *row) for row in rows])
        cursor.executemany("insert into ops.cut_period values (%s, %s, %s) on conflict do nothing", [(cut_id, *row) for row in periods])
    connection.execute("delete from ops.coverage where cut_id = %s", (cut_id,))  # the same cut again: what was refused meanwhile counts
    connection.execute(COVERAGE, values | {"cut": cut_id})
    store_coverage(connection, province, as_of, cut_id)
    return cut_id

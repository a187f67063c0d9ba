"""Small nights for the dbt tests: rows written straight into `accepted`, a cut, one real `dbt build`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import pytest
from dbt.cli.main import dbtRunner
from psycopg import sql

from cchc.clock import ZONE, end_of_day
from cchc.contracts import Mode, contract
from cchc.intake.reference import load_reference
from cchc.measures import measure_files
from cchc.measures.rows import rows_sql
from cchc.night.dbt import GOOD, Node, _environment, _places, build_marts, parse
from cchc.settings import PROJECT, Settings, settings
from cchc.warehouse.connect import connect
from house import free_database
from province import write_csv, write_reference

PROVINCE, ONE, TWO, DISTRICT, COMMUNE = "X01", "X01.01", "X01.02", "X01.30", "X01.30.01"
Row = dict[str, Any]


def at(day: str, time: str = "10:00") -> datetime:
    """An instant of 2013 in the province's zone: at("10-31", "23:59:59.999999")."""
    return datetime.fromisoformat(f"2013-{day}T{time}").replace(tzinfo=ZONE)


def end(day: str) -> datetime:
    """The last instant of a day of 2013."""
    return end_of_day(date.fromisoformat(f"2013-{day}"))


def dossier(code: str, received: str, due: str | None = None, finished: datetime | None = None, agency: str = ONE, **more: Any) -> Row:
    """A row of feed dossier_log; `due` is a day (met until its end) unless `due_by` is given."""
    row = {"agency_code": agency, "dossier_code": code, "channel": "online", "received_at": at(received), "finished_at": finished}
    return row | {"due_by": end(due) if due else None} | more


@contextmanager
def installation(server: str, folder: Path) -> Iterator["Warehouse"]:
    """As conftest's `config`, for longer than one test: own database, an empty province folder."""
    with free_database() as name, psycopg.connect(server, autocommit=True) as admin, pytest.MonkeyPatch.context() as patch:
        admin.execute(f'create database "{name}" template cchc')
        admin.execute(f'grant create on database "{name}" to cchc_transformer')  # a template's grants are not copied
        patch.setenv("CCHC_WAREHOUSE_URL", server.rsplit("/", 1)[0] + f"/{name}")
        patch.setenv("CCHC_HOME", str(folder / "home"))
        patch.setenv("CCHC_KEYS", str(PROJECT / f"var/test-{os.getpid()}/keys"))  # where conftest's server put them
        patch.setenv("CCHC_PROVINCE", str(folder / "thu-nghiem"))
        settings.cache_clear()
        yield Warehouse(settings())
        settings.cache_clear()
        admin.execute(f'drop database if exists "{name}" with (force)')


@dataclass
class Warehouse:
    """A province of five units and what was delivered to it; the folder is the small one of tests/province.py."""

    config: Settings
    delivered: list[tuple[int, str, str, datetime]] = field(default_factory=list)
    withdrawn: set[int] = field(default_factory=set)
    schema: str = "thu_nghiem"

    def load_reference(self, **tables: list[Row]) -> None:
        """Write and load the small province folder, with some tables of the test's own."""
        write_reference(self.config.province)
        for name, rows in tables.items():
            write_csv(self.config.province / f"reference/{name}.csv", list(rows[0]), [list(row.values()) for row in rows])
        load_reference(self.config)

    def deliver(self, sender: str, feed: str, rows: list[Row], arrived: datetime) -> int:
        """One accepted delivery of `sender`; `_version` of a row is its arrival unless it says otherwise."""
        with connect("cchc_loader") as connection:
            delivery = _new_delivery(connection, self.config.province.name, sender, feed, len(rows), arrived)
            for line, row in enumerate(rows, 2):
                _insert(connection, feed, {"_version": arrived} | row | {"_delivery": delivery, "_line": line})
        self.delivered.append((delivery, sender, feed, arrived))
        return delivery

    def cut(self, as_of: datetime) -> int:
        """The list of deliveries of a night: of a snapshot or window feed only the newest one per sender is in force."""
        taken = [d for d in self.delivered if d[0] not in self.withdrawn and d[3] <= as_of]
        newest = {(sender, feed): delivery for delivery, sender, feed, _ in taken}
        with connect("cchc_loader") as connection:
            cut = connection.execute(
                "insert into ops.cut (province, as_of, taken_at, content_hash) values (%s, %s, %s, gen_random_uuid()::text) "
                "returning cut_id",
                (self.config.province.name, as_of, as_of),
            ).fetchone()[0]
            for delivery, sender, feed, _ in taken:
                in_force = contract(feed).mode is Mode.CHANGES or newest[sender, feed] == delivery
                connection.execute("insert into ops.cut_delivery values (%s, %s, %s)", (cut, delivery, in_force))
                if contract(feed).mode is Mode.WINDOW:
                    connection.execute(PERIODS_OF.format(feed=feed), {"cut": cut, "delivery": delivery})
        return cut

    def build(self, as_of: datetime, cut: int, since: int = 0) -> list[Node]:
        """One `dbt build` as the night does it; returns the nodes that failed."""
        return [node for node in build_marts(self.config, as_of, cut, since) if node.failed]

    def remember_night(self, as_of: datetime, cut: int) -> None:
        """What was built stands as a night of the province."""
        with connect("cchc_transformer") as connection:
            connection.execute("insert into ops.night (province, as_of, cut_id, started_at, state) values (%s, %s, %s, %s, 'built')",
                               (self.config.province.name, as_of, cut, as_of))  # fmt: skip

    def dbt(self, *words: str, as_of: datetime, cut: int, since: int = 0, **more: Any) -> Any:
        """Any other call of dbt with the night's places and values, e.g. a part of the project; must succeed."""
        values = {"province": self.config.province.name, "as_of": as_of.isoformat(), "cut_id": cut, "since_cut_id": since}
        manifest = parse(self.config)  # the night's: a parse of its own would cost each call two seconds
        with _environment(self.config):
            outcome = dbtRunner(manifest=manifest).invoke(["--quiet", *words, *_places(self.config, values | more)])
        assert outcome.success, outcome.exception or [(r.node.name, r.message) for r in outcome.result if r.status not in GOOD]
        return outcome.result

    def rows(self, query: str, *values: Any) -> list[tuple]:
        """Rows of a query; `{s}` stands for the start of the province's schema names."""
        with connect("cchc_transformer") as connection:
            return connection.execute(query.replace("{s}", self.schema), values).fetchall()

    def table(self, relation: str, columns: str = "t::text") -> list[str]:
        """All rows of a relation as sorted text, to compare two builds."""
        return sorted(row[0] for row in self.rows(f"select {columns} from {{s}}_{relation} as t"))

    def measure(self, name: str, unit: str, period: str, dim: str = "") -> tuple[Decimal | None, Decimal | None, str]:
        """Numerator, denominator and status of a figure."""
        found = self.rows(
            "select numerator, denominator, status from {s}_reporting.measure where figure = %s",
            f"{name}@1:{unit}:{period}" + (f":{dim}" if dim else ""),
        )
        assert len(found) == 1, f"{name} of {unit} in {period} ({dim}): {found}"
        return found[0]


def figures_that_rows_miss(schema: str, as_of: datetime, periods: list[str] | None = None) -> tuple[int, list[tuple]]:
    """How many units' figures were compared, and those that the rows behind them do not add up to; of some periods, or all."""
    found, missed = 0, []
    for file, measure in [(one, m) for one in measure_files() for m in one.measures if not m.model]:
        rows = rows_sql(file, measure, lambda model: f"{schema}_{'facts' if model.startswith('fct') else 'measures'}.{model}")
        query = COMPARED.format(rows=rows, s=schema, yes_no=measure.kind == "yes_no", once=measure.kind == "yes_no" or measure.once)
        values = {"units": None, "periods": periods, "as_of": as_of, "id": measure.id, "v": measure.version}
        with connect("cchc_transformer") as connection:
            told = connection.execute(query, values).fetchall()
        found += len(told)
        missed += [(measure.key, *row[:-1]) for row in told if not row[-1]]
    return found, missed


PERIODS_OF = """insert into ops.cut_period select distinct %(cut)s::bigint, _delivery, period from accepted.{feed}
  where _delivery = %(delivery)s"""
COMPARED = """with listed as ({rows}),
  placed as (select l.agency_code, l.period_code, dim, sum(numerator) as numerator, sum(denominator) as denominator
             from listed l cross join lateral unnest(array_prepend(''::text, dims)) as dim where dim is not null group by 1, 2, 3)
  select f.agency_code, f.period_code, f.dim, f.numerator, p.numerator, f.denominator, p.denominator,
    f.numerator = least(coalesce(p.numerator, 0), case when {once} then 1 end)
    and ({yes_no} or f.denominator is null or f.denominator = least(coalesce(p.denominator, 0), case when {once} then 1 end))
  from {s}_measures.measure_unit f left join placed p using (agency_code, period_code, dim)
  where f.measure = %(id)s and f.version = %(v)s and f.is_collected
    and (%(periods)s::text[] is null or f.period_code = any(%(periods)s::text[]))"""


def _new_delivery(connection: psycopg.Connection, province: str, sender: str, feed: str, rows: int, arrived: datetime) -> int:
    source = f"{province}/{sender}/{feed}"
    connection.execute("insert into ops.source values (%s, %s, %s, %s, true, true, 'month') on conflict do nothing",
                       (source, province, sender, feed))  # fmt: skip
    name = f"{source}-{arrived.isoformat()}"
    return connection.execute(
        """insert into ops.delivery (source_id, province, feed, contract_version, sha256, name, size_bytes, arrived_at, received_at,
             status, rows_read, rows_counted, rows_accepted, rows_unchanged, rows_quarantined, rows_skipped)
           values (%s, %s, %s, %s, %s, %s, 1, %s, %s, 'accepted', %s, %s, %s, 0, 0, 0) returning delivery_id""",
        (source, province, feed, contract(feed).version, sha256(name.encode()).hexdigest(), name, arrived, arrived, rows, rows, rows),
    ).fetchone()[0]


def _insert(connection: psycopg.Connection, feed: str, row: Row) -> None:
    statement = sql.SQL("insert into accepted.{} ({}) values ({})").format(
        sql.Identifier(feed), sql.SQL(", ").join(map(sql.Identifier, row)), sql.SQL(", ").join([sql.Placeholder()] * len(row))
    )
    connection.execute(statement, list(row.values()))

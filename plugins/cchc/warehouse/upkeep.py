"""Housekeeping of one installation: retention, vacuum, how far the calendar reaches, orphans."""

import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

from psycopg import sql

from cchc.clock import ZONE
from cchc.errors import DataError
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.roles import LOADER, OWNER, TRANSFORMER

WARN_DAYS = 120  # before the calendar or the periods end
RED_DAYS = 30
KEEP_DAYS = {"backup": 14, "log": 30}  # unless reference.setting says `retention.<class>_days`
KEEP_AT_LEAST = 3  # backups, however old


def retention(config: Settings, as_of: datetime) -> list[str]:
    """Remove backups and logs that are older than their class allows at `as_of`. Returns what went, by name.

    The newest whole backups stay whatever their age; editions, releases and kept bytes are not touched.
    """
    days = keep_days(config)
    logs = _old_logs(config.home / "airflow/logs", as_of - timedelta(days=days["log"]))
    return _old_backups(config.home / "backup", as_of - timedelta(days=days["backup"])) + logs


def keep_days(config: Settings) -> dict[str, int]:
    """Days by class of data: the province's settings, else ours. Raises DataError on a setting that is no number."""
    with connect(LOADER) as warehouse:
        rows = warehouse.execute(
            "select name, value from reference.setting where province = %s and name like 'retention.%%_days'",
            (config.province.name,),
        ).fetchall()
    for name, value in rows:
        if not value.isdecimal():
            raise DataError(f"reference/setting.csv: {name} is {value!r}; it takes a number of days")
    return KEEP_DAYS | {name.removeprefix("retention.").removesuffix("_days"): int(value) for name, value in rows}


def vacuum() -> int:
    """Vacuum and analyze every table of ours that has dead rows. Returns how many."""
    return sum(_vacuum(role) for role in (OWNER, TRANSFORMER))


def calendar_horizon(config: Settings, as_of: datetime) -> list[str]:
    """Warnings about working days or periods that end within 120 days of `as_of`.

    Raises DataError when one ends within 30 days: due dates can't be computed beyond it.
    """
    with connect(LOADER) as warehouse:
        ends = warehouse.execute(
            """select (select max(day) from reference.calendar_day where province = %(p)s),
                      (select max(ends_on) from reference.period where province = %(p)s)""",
            {"p": config.province.name},
        ).fetchone()
    words = zip(("calendar_day.csv", "period.csv"), ends or (None, None), strict=True)
    short = {name: (end, _days_left(end, as_of)) for name, end in words if _days_left(end, as_of) < WARN_DAYS}
    lines = [f"reference/{name} ends on {end}, {days} days from {as_of.date()}: add the next year" for name, (end, days) in short.items()]
    if any(days < RED_DAYS for _, days in short.values()):
        raise DataError("; ".join(lines))
    return lines


def orphans(config: Settings) -> list[str]:
    """What stands in one place and should stand in two: bytes and deliveries, sources in the books and YAML files.

    And what nothing will come back for: the schemas of an explanation of a release that was killed (drop them).
    """
    with connect(LOADER) as warehouse:
        known = {row[0] for row in warehouse.execute("select sha256 from ops.delivery")}
        books = {
            row[0] for row in warehouse.execute("select source_id from ops.source where province = %s and active", (config.province.name,))
        }
        aside = [row[0] for row in warehouse.execute("select nspname from pg_namespace where nspname like '%\\_aside\\_%' order by 1")]
    kept = {path.stem for path in config.bytes_path.glob("*/*.enc")}
    keys = {path.stem for path in (config.keys_path / "deliveries").glob("*/*.key")}
    stems = {path.stem for path in (config.province / "sources").glob("*.yaml")}
    return (
        [f"bytes without a delivery: {name}" for name in sorted(kept - known)]
        + [f"delivery whose key is there and bytes are not: {name}" for name in sorted((known & keys) - kept)]
        + [f"bytes without a key: {name}" for name in sorted(kept - keys)]
        + [f"source without a YAML file: {name}" for name in sorted(n for n in books if n.split("/")[1] not in stems)]
        + [f"schema of an explanation that runs or was killed: {name}" for name in aside]
    )


def _days_left(end: date | None, as_of: datetime) -> int:
    return -1 if end is None else (end - as_of.date()).days


def _old_backups(root: Path, before: datetime) -> list[str]:
    """Remove backups from before `before` with their keys; a folder without a manifest was never whole."""
    stamped = sorted(path for path in root.glob("????????T??????") if path.is_dir())
    newest = [path for path in stamped if (path / "manifest.json").exists()][-KEEP_AT_LEAST:]
    old = [path for path in stamped if path not in newest and path.name < before.astimezone(ZONE).strftime("%Y%m%dT%H%M%S")]
    for path in old:
        shutil.rmtree(path)
        shutil.rmtree(root.with_name(f"{root.name}-keys") / path.name, ignore_errors=True)
    return [path.name for path in old]


def _old_logs(folder: Path, before: datetime) -> list[str]:
    """Remove run folders of Airflow's logs whose newest file is older than `before`."""
    gone = []
    for run in sorted(folder.glob("dag_id=*/run_id=*")):
        newest = max((p.stat().st_mtime for p in run.rglob("*") if p.is_file()), default=run.stat().st_mtime)
        if newest < before.timestamp():
            shutil.rmtree(run)
            gone.append(f"{run.parent.name}/{run.name}")
    return gone


def _vacuum(role: str) -> int:
    with connect(role, autocommit=True) as warehouse:
        tables = warehouse.execute(
            """select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
               join pg_stat_user_tables s on s.relid = c.oid
               where c.relkind = 'r' and pg_get_userbyid(c.relowner) = current_user and (s.n_dead_tup > 0 or s.n_mod_since_analyze > 0)"""
        ).fetchall()
        for table in tables:
            warehouse.execute(sql.SQL("vacuum (analyze) {}").format(sql.Identifier(*table)))
    return len(tables)

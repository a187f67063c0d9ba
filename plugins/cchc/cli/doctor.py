"""`cchc doctor`: what an installation needs, one line each, with the way out."""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import psycopg

from cchc.clock import now
from cchc.errors import CchcError
from cchc.settings import Settings
from cchc.warehouse.keys import PERSON, RELEASE
from cchc.warehouse.query import one

LEAST_DISK = 2 << 30
HORIZON = timedelta(days=120)


@dataclass(frozen=True)
class Finding:
    """One check's outcome; `way_out` says what to do when it is not ok."""

    check: str
    ok: bool
    found: str
    way_out: str = ""


def examine(config: Settings) -> list[Finding]:
    """Run every check; one that breaks is itself a finding."""
    findings: list[Finding] = []
    for check in (_python, _disk, _engine, _schema, _province, _calendar, _fonts, _keys):
        findings += _guarded(check, config)
    return findings


def _guarded(check: Callable[[Settings], Iterator[Finding]], config: Settings) -> list[Finding]:
    try:
        return list(check(config))
    except (CchcError, OSError, psycopg.Error) as error:
        return [Finding(check.__name__.strip("_"), False, str(error).split("\n")[0], str(error).split("\n")[0])]


def _python(_: Settings) -> Iterator[Finding]:
    told = ".".join(map(str, sys.version_info[:3]))
    yield Finding("python", sys.version_info >= (3, 11), told, "install Python 3.11 or later")


def _disk(config: Settings) -> Iterator[Finding]:
    free = shutil.disk_usage(config.home if config.home.exists() else config.home.parent).free
    yield Finding("disk", free > LEAST_DISK, f"{free >> 30} GiB free", "free some space where CCHC_HOME lies, at least 2 GiB")


def _engine(config: Settings) -> Iterator[Finding]:
    from cchc.warehouse.connect import admin_url

    with psycopg.connect(admin_url(config), connect_timeout=5) as connection:
        yield Finding("engine", connection.info.server_version >= 150000, f"PostgreSQL {connection.info.server_version // 10000}",
                      "PostgreSQL 15 or later is needed")  # fmt: skip


def _schema(config: Settings) -> Iterator[Finding]:
    from cchc.warehouse.migrate import current_version, newest_version

    there, wanted = current_version(config), newest_version()
    yield Finding("schema", there == wanted, str(there), f"run `cchc migrate` (code is at {wanted})")


def _province(config: Settings) -> Iterator[Finding]:
    from cchc.connectors.sources import read_sender, sender_files

    broken = {}
    for path in sender_files(config):
        try:
            read_sender(path)
        except CchcError as error:
            broken[path.name] = str(error).split("\n")[0]
    yield Finding("province", not broken, f"{config.province.name}, {len(sender_files(config))} senders", "; ".join(broken.values()))


def _calendar(config: Settings) -> Iterator[Finding]:
    from cchc.warehouse.connect import connect
    from cchc.warehouse.roles import LOADER

    query = """select (select max(day) from reference.calendar_day where province = %(p)s),
                      exists (select from reference.setting where province = %(p)s and name = 'synthetic' and value = 'true')"""
    with connect(LOADER) as connection:
        last, synthetic = one(connection.execute(query, {"p": config.province.name}))
    far = last is not None and (synthetic or last - now().date() > HORIZON)  # a demonstration lives in its own past
    yield Finding("calendar", far, f"known until {last}", "add the coming year's days to reference/calendar_day.csv")


def _fonts(config: Settings) -> Iterator[Finding]:
    from cchc.reports.fonts import find_font

    choice = find_font(config)
    yield Finding("font", True, f"{choice.name} ({choice.reason})")


def _keys(config: Settings) -> Iterator[Finding]:
    folder = config.keys_path
    missing = [name for name in ("roles.json", PERSON, RELEASE) if not (folder / name).is_file()]
    open_ones = [path.name for path in folder.glob("*") if path.is_file() and path.stat().st_mode & 0o077]
    found = "; ".join([*(f"{name} is not there" for name in missing), *(f"{name} is open to others" for name in open_ones)])
    way_out = "put them back from the keys' backup (docs/runbook.md, A key is lost)" if missing else f"chmod 600 {folder}/*"
    if len(missing) == 3:
        way_out = "run `cchc migrate`"
    yield Finding("keys", not found, found or str(folder), way_out)

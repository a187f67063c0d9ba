"""The outside watcher: names what is missing or failed at its deadline, without Airflow and whoever was killed.

Four deadlines, looked at every minute:
- a sender's intake must have ended well `ingest_minutes` after its schedule (none begun, still running, failed);
- an intake whose process is gone is named at once: it held a lock of its database session, which ends with the process;
- a delivery of the calendar must have arrived by the end of its due day;
- the newest night must not be red.
Each is named once per deadline, in `ops.watched` and in one mail to the operators, planned in the same transaction.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from croniter import croniter

from cchc.clock import ZONE, end_of_day, now
from cchc.connectors.sources import read_sender, sender_files
from cchc.errors import CchcError, ConfigError
from cchc.intake.expected import owed
from cchc.intake.register import broken_off
from cchc.intake.run import waiting
from cchc.mail.outbox import Message, plan
from cchc.mail.people import OPERATOR, contacts, of_role, unit_names
from cchc.mail.words import STATES, dates_of, missing_key, subject_of
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.golive import is_live
from cchc.warehouse.roles import LOADER

TICK = 60  # seconds between two looks
TOO_OLD = timedelta(minutes=5)  # a heartbeat older than this is no life
LOOK_BACK = timedelta(days=2)  # what was due earlier is the alerts' business


@dataclass(frozen=True)
class Named:
    """One missing or failed thing and the deadline it missed."""

    agency_code: str
    what: str
    deadline: datetime
    message_vi: str


def look(config: Settings, at: datetime) -> list[Named]:
    """Everything that has missed its deadline at `at` and was not named before; recorded, and planned as one mail.

    Nothing before go_live_on.
    """
    province = config.province.name
    with connect(LOADER) as connection:
        if not is_live(connection, province, at):
            return []
        found = [*_intakes(connection, config, at), *_deliveries(connection, config, at), *_night(connection, province, at)]
        fresh = [one for one in found if is_live(connection, province, one.deadline) and _is_new(connection, province, one)]
        if fresh:
            receivers = [one.email for one in of_role(contacts(connection, province), OPERATOR)]
            plan(connection, province, [_letter(province, at, fresh, receivers)], at)
    return fresh


def beat(config: Settings) -> None:
    """Say that the watcher is alive."""
    config.home.mkdir(parents=True, exist_ok=True)
    _heart(config).write_text(now().isoformat(), encoding="utf-8")


def is_alive(config: Settings) -> bool:
    """Whether a watcher of this home has looked within the last five minutes."""
    try:
        return now() - datetime.fromisoformat(_heart(config).read_text(encoding="utf-8")) < TOO_OLD
    except (OSError, ValueError):
        return False


def _heart(config: Settings) -> Path:
    return config.home / "watch.beat"


def _intakes(connection: psycopg.Connection, config: Settings, at: datetime) -> Iterator[Named]:
    query = "select sender_code, started_at, state, message from ops.ingest where province = %s and started_at <= %s order by started_at"
    newest = {row[0]: row[1:] for row in connection.execute(query, (config.province.name, at))}
    gone = broken_off(connection, config.province.name)
    for path in sender_files(config):
        began = gone.get(path.stem)
        if began and at - began < LOOK_BACK:
            told = f"Tiếp nhận của {path.stem} bắt đầu lúc {_moment(began)} bị ngắt giữa chừng: tiến trình không còn"
            yield Named("", f"ingest:{path.stem}", began, told)
        else:
            yield from _late_intake(config, path, newest.get(path.stem), at)


def _late_intake(config: Settings, path: Path, row: tuple | None, at: datetime) -> Iterator[Named]:
    """What the intake of a sender's last schedule is `ingest_minutes` after it."""
    limit = timedelta(minutes=config.ingest_minutes)
    try:
        sender = read_sender(path)
    except ConfigError as error:
        schedule, broken = "0 20 * * *", str(error)  # what its placeholder DAG has
    else:
        schedule, broken = sender.schedule, ""
    due = croniter(schedule, at.astimezone(ZONE) - limit + timedelta(microseconds=1)).get_prev(datetime)
    begun = row is not None and row[0] >= due - timedelta(minutes=1)
    if at - due - limit > LOOK_BACK or (begun and row is not None and row[1] == "done"):
        return
    if not begun or row is None:
        told = f"Tiếp nhận của {path.stem} đến hạn lúc {_moment(due)} chưa bắt đầu" + (f": {broken}" if broken else "")
    elif row[1] == "failed":
        told = f"Tiếp nhận của {path.stem} đến hạn lúc {_moment(due)} không thành công: {row[2]}"
    else:
        told = f"Tiếp nhận của {path.stem} đến hạn lúc {_moment(due)}, bắt đầu lúc {_moment(row[0])}, chưa kết thúc"
    yield Named("", f"ingest:{path.stem}", due + limit, told)


def _deliveries(connection: psycopg.Connection, config: Settings, at: datetime) -> Iterator[Named]:
    """Units whose delivery was due and has not come; a file that lies in the inbox and waits for its intake has come."""
    names, lying = unit_names(connection, config.province.name), None
    for one in owed(connection, config.province.name, at):
        if one.state != "absent" or one.due_on is None or at - end_of_day(one.due_on) > LOOK_BACK:
            continue
        lying = _senders_with_files(config, at) if lying is None else lying
        if (one.sender_code, one.feed) not in lying:
            told = f"{names.get(one.agency_code, one.agency_code)}: {subject_of(one)} {STATES[one.state]}; {dates_of(one)}"
            yield Named(one.agency_code, missing_key(one), end_of_day(one.due_on), told)


def _senders_with_files(config: Settings, at: datetime) -> set[tuple[str | None, str]]:
    found: set[tuple[str | None, str]] = set()
    for path in sender_files(config):
        with suppress(CchcError):  # what can't be looked at has not come
            sender = read_sender(path)
            if waiting(config, path, at):
                found |= {(sender.sender, source.feed) for source in sender.sources.values()}
    return found


def _night(connection: psycopg.Connection, province: str, at: datetime) -> Iterator[Named]:
    row = connection.execute(
        """select as_of, coalesce(reason, ''), state, ended_at from ops.night where province = %s and started_at <= %s
           order by night_id desc limit 1""",
        (province, at),
    ).fetchone()
    if row and row[2] == "red" and at - (row[3] or row[0]) < LOOK_BACK:
        yield Named("", "night", row[0], f"Đêm xử lý {_moment(row[0])} không có bản chốt: {row[1]}")


def _is_new(connection: psycopg.Connection, province: str, one: Named) -> bool:
    row = connection.execute(
        "insert into ops.watched values (%s, %s, %s, %s, %s, %s) on conflict do nothing returning what",
        (one.agency_code, province, one.what, one.deadline, now(), one.message_vi),
    ).fetchone()
    return row is not None


def _letter(province: str, at: datetime, found: list[Named], receivers: list[str]) -> Message:
    lines = [f"- {one.message_vi}. [{one.what}]" for one in found]
    return Message(
        agency_code="",
        message_id=f"watch.{province}.{at.astimezone(ZONE):%Y-%m-%dT%H%M%S.%f}",
        kind="watch",
        role=OPERATOR,
        recipients=receivers,
        subject=f"[CCHC] Quá hạn hoặc không thành công: {len(found)} việc, lúc {_moment(at)}",
        body="\n".join(["Kính gửi Quý cơ quan,", "", *lines, "", "Đề nghị kiểm tra và xử lý."]),
    )


def _moment(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%H:%M ngày %d/%m/%Y}"

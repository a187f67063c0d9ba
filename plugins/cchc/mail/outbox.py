"""The outbox: intent is recorded first; what may have gone out is never sent again by itself (decision 24).

`planned` → `sending` → `sent`. A server that says no before it took the message: `failed`; one that can't be reached: `planned` again.
A process that died between handing over and recording leaves `sending`; whoever holds the outbox next turns that into `in_doubt`, and a
person decides.
"""

import getpass
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from cchc.clock import now
from cchc.errors import ConfigError, DataError
from cchc.mail.send import InDoubt, Refused, Sender, Unreachable, open_sender
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.roles import LOADER

MOST_ATTEMPTS = 20  # after that an unreachable server is a failure that somebody must look at
RESENT = ("in_doubt", "failed", "dropped")
DROPPED = ("planned", "in_doubt", "failed")


@dataclass(frozen=True)
class Message:
    """What is to be sent to whom; the same `message_id` is the same message, whoever plans it again."""

    agency_code: str
    message_id: str
    kind: str
    role: str
    recipients: list[str]
    subject: str
    body: str
    html: str | None = None


def plan(connection: psycopg.Connection, province: str, messages: Sequence[Message], at: datetime) -> list[str]:
    """Record the intent to send; returns the ids that were not planned before. Nothing is sent here."""
    fresh = []
    for one in messages:
        row = connection.execute(
            """insert into ops.outbox (agency_code, message_id, province, kind, role, recipients, subject, body, html, planned_at, state,
                 changed_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'planned', %s) on conflict do nothing returning message_id""",
            (one.agency_code, one.message_id, province, one.kind, one.role, one.recipients, one.subject, one.body, one.html, at, now()),
        ).fetchone()
        fresh += [row[0]] if row else []
    return fresh


def deliver(config: Settings) -> dict[str, str]:
    """Send what is planned, oldest first; returns message id → state. Without CCHC_SMTP_URL everything stays planned.

    Another process at it: returns nothing, for that one sends.
    """
    province = config.province.name
    with _holding(province) as held:
        if not held:
            return {}
        _doubt_orphans(province)
        waiting = _planned(province)
        sender = open_sender(config)
        if sender is None or not waiting:
            return {one.message_id: "planned" for one in waiting}
        with sender:
            return {one.message_id: _send(sender, one) for one in waiting}


def outbox(province: str, state: str | None = None) -> list[tuple]:
    """Id, kind, role, recipients, subject, state, times and error of the province's messages, newest last.

    A message whose sending process is gone is shown as in doubt, though nobody has written that down yet.
    """
    with _holding(province) as held, connect(LOADER) as connection:
        rows = connection.execute(
            """select * from (select message_id, kind, role, array_to_string(recipients, ', '), subject,
                   case when state = 'sending' and %s then 'in_doubt' else state end as state, planned_at, changed_at, attempts, error
                 from ops.outbox where province = %s) as shown
               where %s::text is null or state = %s order by planned_at, message_id""",
            (held, province, state, state),
        )
        return rows.fetchall()


def resend(config: Settings, message_id: str, dry_run: bool = False) -> str:
    """A person's word that a message shall go out (again); returns its state before. `deliver` sends it."""
    return _decide(config, message_id, "planned", RESENT, "outbox resend", dry_run)


def drop(config: Settings, message_id: str, dry_run: bool = False) -> str:
    """A person's word that a message shall not go out (any more); returns its state before."""
    return _decide(config, message_id, "dropped", DROPPED, "outbox drop", dry_run)


def _decide(config: Settings, message_id: str, state: str, allowed: tuple[str, ...], what: str, dry_run: bool) -> str:
    province = config.province.name
    with _holding(province) as held, connect(LOADER) as connection:
        if not held:
            raise DataError("the outbox is being sent right now; try again in a moment")
        _doubt_orphans(province)
        row = connection.execute("select state from ops.outbox where province = %s and message_id = %s", (province, message_id)).fetchone()
        if row is None:
            raise ConfigError(f"there is no message {message_id}: see `cchc outbox list`")
        if row[0] not in allowed:
            raise DataError(f"message {message_id} is {row[0]}; only {', '.join(allowed)} ones can be decided so")
        if not dry_run:
            _record(connection, message_id, state, None)
            connection.execute(
                "insert into audit.event (at, who, what, subject, reason) values (%s, %s, %s, %s, %s)",
                (now(), getpass.getuser(), what, message_id, f"was {row[0]}"),
            )
    return row[0]


@contextmanager
def _holding(province: str) -> Iterator[bool]:
    """Whether this session alone has the outbox; the lock ends with the process."""
    with connect(LOADER, autocommit=True) as session:
        key = f"cchc outbox {province}"
        row = session.execute("select pg_try_advisory_lock(hashtext(%s))", (key,)).fetchone()
        held = bool(row and row[0])
        try:
            yield held
        finally:
            if held:
                session.execute("select pg_advisory_unlock(hashtext(%s))", (key,))


def _doubt_orphans(province: str) -> None:
    with connect(LOADER) as connection:
        connection.execute(
            """update ops.outbox set state = 'in_doubt', changed_at = %s, error = 'the sending process ended before it recorded the outcome'
               where province = %s and state = 'sending'""",
            (now(), province),
        )


def _planned(province: str) -> list[Message]:
    columns = ", ".join(Message.__dataclass_fields__)
    with connect(LOADER) as connection, connection.cursor(row_factory=class_row(Message)) as cursor:
        query = f"select {columns} from ops.outbox where province = %s and state = 'planned' order by planned_at, message_id"
        return cursor.execute(query, (province,)).fetchall()


def _send(sender: Sender, message: Message) -> str:
    with connect(LOADER) as connection:
        _record(connection, message.message_id, "sending", None)
    said: str | None
    try:
        sender.send(message.message_id, message.recipients, message.subject, message.body, message.html)
    except Refused as error:
        state, said = "failed", str(error)
    except InDoubt as error:
        state, said = "in_doubt", str(error)
    except Unreachable as error:
        state, said = "planned", str(error)
    else:
        state, said = "sent", None
    with connect(LOADER) as connection:
        return _record(connection, message.message_id, state, said)


def _record(connection: psycopg.Connection, message_id: str, state: str, error: str | None) -> str:
    row = connection.execute(
        """update ops.outbox set state = case when %(state)s = 'planned' and attempts >= %(most)s then 'failed' else %(state)s end,
             attempts = attempts + case when %(state)s = 'sending' then 1 else 0 end, changed_at = %(at)s, error = left(%(error)s, 500)
           where message_id = %(id)s returning state""",
        {"state": state, "most": MOST_ATTEMPTS, "at": now(), "error": error, "id": message_id},
    ).fetchone()
    return row[0] if row else state

"""Alerts: one mail a day per role with what is wrong, who owns it, what is being mended, and what was solved since the last."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape

import psycopg

from cchc.clock import ZONE
from cchc.mail.outbox import Message, plan
from cchc.mail.people import OPERATOR, REFORM_OFFICE, contacts, of_role
from cchc.mail.problems import Known, Problem, known_issues, problems
from cchc.reports.vietnamese import day
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.golive import is_live
from cchc.warehouse.roles import LOADER

ROLES = {OPERATOR: "vận hành", REFORM_OFFICE: "cải cách hành chính"}
HEADS = {"open": "Cần xử lý", "known": "Đang xử lý (đã biết)", "solved": "Đã xử lý từ thư trước"}


@dataclass(frozen=True)
class _Line:
    """One line of an alert: `open`, `known` (somebody mends it) or `solved` (it was in the last mail and is gone)."""

    agency_code: str
    what: str
    state: str
    message_vi: str


def plan_alerts(config: Settings, as_of: datetime, dry_run: bool = False) -> list[str]:
    """Plan the day's alerts, one per role that has something new to read; the same day twice plans nothing more.

    None before go_live_on. A role without a contact is told through the operators.
    """
    province, today = config.province.name, as_of.astimezone(ZONE).date()
    planned: list[str] = []
    with connect(LOADER) as connection:
        if not is_live(connection, province, as_of):
            return planned
        found, known = problems(connection, province, as_of), known_issues(connection, province)
        people = contacts(connection, province)
        for role in ROLES:
            lines = _lines([p for p in found if p.role == role], known, _last_told(connection, province, role, today), today)
            if not any(line.state in ("open", "solved") for line in lines):
                continue
            receivers = of_role(people, role) or of_role(people, OPERATOR)
            letter = _letter(province, role, today, lines, [one.email for one in receivers])
            fresh = [letter.message_id] if dry_run else plan(connection, province, [letter], as_of)
            if fresh and not dry_run:
                _remember(connection, province, role, today, lines)
            planned += fresh
    return planned


def _lines(found: Sequence[Problem], known: Sequence[Known], told: dict[str, tuple[str, str]], today: date) -> list[_Line]:
    lines = [_line(one, next((k for k in known if k.covers(one.what)), None), today) for one in found]
    now_wrong = {one.what for one in found}
    solved = [_Line(agency, what, "solved", words) for what, (agency, words) in told.items() if what not in now_wrong]
    return [line for state in HEADS for line in [*lines, *solved] if line.state == state]


def _line(one: Problem, issue: Known | None, today: date) -> _Line:
    owner = f"Đầu mối: {one.owner_vi}. [{one.what}]"
    if issue is None:
        return _Line(one.agency_code, one.what, "open", f"{one.message_vi}. {owner}")
    if issue.until >= today:
        told = f"{one.message_vi}. {issue.owner} đang xử lý đến hết ngày {day(issue.until)}: {issue.reason}. [{one.what}]"
        return _Line(one.agency_code, one.what, "known", told)
    late = f"Quá hạn xử lý ngày {day(issue.until)} ({issue.owner}: {issue.reason})"
    return _Line(one.agency_code, one.what, "open", f"{one.message_vi}. {late}. {owner}")


def _last_told(connection: psycopg.Connection, province: str, role: str, today: date) -> dict[str, tuple[str, str]]:
    """What the role's last mail before today said was wrong: key → unit and words."""
    rows = connection.execute(
        """select what, agency_code, message_vi from ops.alert where (province, role) = (%(p)s, %(r)s) and state <> 'solved'
             and day = (select max(day) from ops.alert where (province, role) = (%(p)s, %(r)s) and day < %(d)s) order by what""",
        {"p": province, "r": role, "d": today},
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _remember(connection: psycopg.Connection, province: str, role: str, today: date, lines: Iterable[_Line]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into ops.alert values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
            [(line.agency_code, province, role, today, line.what, line.message_vi, line.state) for line in lines],
        )


def _letter(province: str, role: str, today: date, lines: Sequence[_Line], receivers: list[str]) -> Message:
    counts = {state: sum(line.state == state for line in lines) for state in HEADS}
    subject = f"[CCHC] {ROLES[role].capitalize()}, ngày {day(today)}: {counts['open']} việc cần xử lý"
    return Message(
        agency_code="",
        message_id=f"alert.{province}.{role}.{today}",
        kind="alert",
        role=role,
        recipients=receivers,
        subject=subject + (f", {counts['solved']} việc đã xử lý" if counts["solved"] else ""),
        body=_text(lines),
        html=_html(lines),
    )


def _text(lines: Sequence[_Line]) -> str:
    said = ["Kính gửi Quý cơ quan,", ""]
    for state, title in HEADS.items():
        group = [line for line in lines if line.state == state]
        said += [f"{title}:", *(f"- {_struck(line)}" for line in group), ""] if group else []
    return "\n".join(said)


def _struck(line: _Line) -> str:
    return f"~~{line.message_vi}~~" if line.state == "solved" else line.message_vi


def _html(lines: Sequence[_Line]) -> str:
    said = ['<!doctype html><html lang="vi"><meta charset="utf-8"><body><p>Kính gửi Quý cơ quan,</p>']
    for state, title in HEADS.items():
        group = [escape(line.message_vi) for line in lines if line.state == state]
        items = "".join(f"<li><s>{words}</s></li>" if state == "solved" else f"<li>{words}</li>" for words in group)
        said += [f"<h3>{title}</h3><ul>{items}</ul>"] if group else []
    return "".join([*said, "</body></html>"])

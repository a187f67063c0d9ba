"""What is wrong at a moment, each with a stable key, its owner's role and a sentence; alerts and the watcher tell it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import psycopg

from cchc.clock import ZONE
from cchc.intake.expected import Owed, owed
from cchc.mail.people import OPERATOR, REFORM_OFFICE, Contact, contacts, of_role, of_sender, unit_names
from cchc.mail.words import STATES, dates_of, missing_key, subject_of
from cchc.reports.vietnamese import day

NIGHT = """
select state, coalesce(reason, '') from ops.night
where province = %(province)s and as_of <= %(as_of)s and as_of > %(as_of)s - interval '36 hours' order by night_id desc limit 1"""
INGESTS = """
select distinct on (sender_code) sender_code, state, coalesce(message, ''), started_at from ops.ingest
where province = %(province)s and as_of <= %(as_of)s order by sender_code, as_of desc, started_at desc"""
DELIVERIES = """
select d.delivery_id, d.source_id, s.sender_code, d.status, d.name, coalesce(d.reason, '')
from ops.delivery d join ops.source s using (source_id)
where d.province = %(province)s and d.status in ('held', 'refused') and d.arrived_at <= %(as_of)s and s.active
  and d.arrived_at >= (select value::date from reference.setting where province = %(province)s and name = 'go_live_on')
  and not exists (select from ops.delivery l where l.source_id = d.source_id and l.status = 'accepted' and l.delivery_id > d.delivery_id
                    and l.arrived_at <= %(as_of)s)
order by d.delivery_id"""
UNSENT = "select message_id, state from ops.outbox where province = %(province)s and state in ('in_doubt', 'failed') order by 1"
KNOWN = "select what, owner, until, reason from reference.known_issue where province = %(province)s order by what"


@dataclass(frozen=True)
class Problem:
    """Something that failed. `what` is its key in known_issue.csv; `role` answers for it, `owner_vi` names the people."""

    agency_code: str
    what: str
    role: str
    message_vi: str
    owner_vi: str


@dataclass(frozen=True)
class Known:
    """A failure that somebody works on, quiet up to and including `until`."""

    what: str
    owner: str
    until: date
    reason: str

    def covers(self, what: str) -> bool:
        """Whether `what` is meant: the very key, or its beginning before a `*`."""
        return what.startswith(self.what[:-1]) if self.what.endswith("*") else what == self.what


def problems(connection: psycopg.Connection, province: str, as_of: datetime) -> list[Problem]:
    """Red nights, failed intakes, missing deliveries, held and refused ones, exceptions that ran out; in a fixed order."""
    people, names = contacts(connection, province), unit_names(connection, province)
    found = [*_night(connection, province, as_of, people), *_ingests(connection, province, as_of, people)]
    found += _unsent(connection, province, people)
    rows = owed(connection, province, as_of)
    found += _missing(rows, people, names) + _ran_out(rows, as_of.astimezone(ZONE).date(), people, names)
    return found + list(_turned_down(connection, province, as_of, people))


def known_issues(connection: psycopg.Connection, province: str) -> list[Known]:
    """The province's list of failures that are being mended."""
    return [Known(*row) for row in connection.execute(KNOWN, {"province": province})]


def _night(connection: psycopg.Connection, province: str, as_of: datetime, people: list[Contact]) -> Iterator[Problem]:
    row = connection.execute(NIGHT, {"province": province, "as_of": as_of}).fetchone()
    if row and row[0] == "red":
        yield Problem("", "night", OPERATOR, f"Đêm xử lý không có bản chốt: {row[1]}", _owner(of_role(people, OPERATOR)))


def _ingests(connection: psycopg.Connection, province: str, as_of: datetime, people: list[Contact]) -> Iterator[Problem]:
    for sender, state, message, started in connection.execute(INGESTS, {"province": province, "as_of": as_of}):
        owner = _owner(of_role(people, OPERATOR))
        if state == "failed":
            yield Problem("", f"ingest:{sender}", OPERATOR, f"Tiếp nhận của {sender} không thành công: {message}", owner)
        elif state == "running" and as_of - started > timedelta(hours=6):
            yield Problem("", f"ingest:{sender}", OPERATOR, f"Tiếp nhận của {sender} chưa kết thúc từ {started:%H:%M %d/%m/%Y}", owner)


def _unsent(connection: psycopg.Connection, province: str, people: list[Contact]) -> Iterator[Problem]:
    words = {"in_doubt": "chưa rõ đã gửi hay chưa", "failed": "không gửi được"}
    for message, state in connection.execute(UNSENT, {"province": province}):
        yield Problem("", f"mail:{message}", OPERATOR, f"Thư {message} {words[state]}", _owner(of_role(people, OPERATOR)))


def _missing(rows: list[Owed], people: list[Contact], names: dict[str, str]) -> list[Problem]:
    return [
        Problem(
            one.agency_code, missing_key(one), REFORM_OFFICE,
            f"{names.get(one.agency_code, one.agency_code)}: {subject_of(one)}, {dates_of(one)}; "
            + ("đơn vị chưa có nguồn số liệu" if one.sender_code is None else STATES.get(one.state, one.state)),
            _owner(of_sender(people, one.sender_code or "")),
        )
        for one in rows if one.state in ("absent", "empty", "too_late")
    ]  # fmt: skip


def _ran_out(rows: list[Owed], today: date, people: list[Contact], names: dict[str, str]) -> list[Problem]:
    return [
        Problem(
            one.agency_code, f"exception:{one.agency_code}:{one.feed}:{one.period_code}", REFORM_OFFICE,
            f"Ngoại lệ đã hết hạn ngày {day(one.exception_until)}: {names.get(one.agency_code, one.agency_code)}, {subject_of(one)} "
            f"({one.exception_by}: {one.exception_reason}); số liệu vẫn chưa có",
            _owner(of_sender(people, one.sender_code or "")),
        )
        for one in rows if one.exception_until and one.exception_until < today and not one.usable
    ]  # fmt: skip


def _turned_down(connection: psycopg.Connection, province: str, as_of: datetime, people: list[Contact]) -> Iterator[Problem]:
    words = {"held": "đang giữ lại để kiểm tra", "refused": "bị từ chối"}
    for number, source, sender, status, name, reason in connection.execute(DELIVERIES, {"province": province, "as_of": as_of}):
        told = f"Lần gửi số {number} ({source}, tệp {name}) {words[status]}: {reason}"
        yield Problem(sender, f"delivery:{number}", REFORM_OFFICE, told, _owner(of_sender(people, sender)))


def _owner(people: list[Contact]) -> str:
    return "; ".join(one.told for one in people) or "chưa có đầu mối"

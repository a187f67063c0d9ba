"""Reminders: one mail per sender with everything it owes, on fixed working days around a due day (docs/deliveries.md)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

import psycopg

from cchc.clock import ZONE
from cchc.intake.expected import Owed, owed
from cchc.mail.outbox import Message, plan
from cchc.mail.people import DATA_OWNER, Contact, contacts, helpers, of_sender, unit_names
from cchc.mail.words import STATES, dates_of, distance_words, names_of, subject_of
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.golive import is_live
from cchc.warehouse.roles import LOADER

OFFSETS = (-5, -1, 0, 1, 3)  # working days from the due day (users.md: what peers let people down with)


@dataclass
class Reminded:
    """What a day's reminding planned: new message ids, and senders that owe and have no contact."""

    planned: list[str] = field(default_factory=list)
    nobody_to_tell: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Day:
    """The day of the mail, and how many working days it is from others; None where the calendar does not reach."""

    today: date
    numbers: Mapping[date, tuple[int, bool]]

    @property
    def is_working(self) -> bool:
        return self.numbers.get(self.today, (0, False))[1]

    def from_due(self, one: Owed) -> int | None:
        if one.due_on is None or one.due_on not in self.numbers or self.today not in self.numbers:
            return None
        return self.numbers[self.today][0] - self.numbers[one.due_on][0]


def plan_reminders(config: Settings, as_of: datetime, dry_run: bool = False) -> Reminded:
    """Plan the day's reminders; the same day twice plans each once. None before go_live_on, none on days off."""
    province, result = config.province.name, Reminded()
    with connect(LOADER) as connection:
        day = _day(connection, province, as_of)
        if not day.is_working or not is_live(connection, province, as_of):
            return result
        known, names = contacts(connection, province), unit_names(connection, province)
        letters = []
        for sender, debts in _debts(owed(connection, province, as_of), day):
            people = of_sender(known, sender)
            if not people:
                result.nobody_to_tell.append(sender)
                continue
            letters.append(_letter(config, day, sender, debts, people, helpers(known), names))
        result.planned = [one.message_id for one in letters] if dry_run else plan(connection, province, letters, as_of)
    return result


def _day(connection: psycopg.Connection, province: str, as_of: datetime) -> _Day:
    today = as_of.astimezone(ZONE).date()
    rows = connection.execute(
        "select day, working_number, is_working from reference.calendar_day where province = %s and day between %s - 120 and %s + 120",
        (province, today, today),
    )
    return _Day(today, {row[0]: (row[1], row[2]) for row in rows})


def _debts(rows: Iterable[Owed], day: _Day) -> Iterable[tuple[str, list[Owed]]]:
    """Senders with a due day at one of the offsets, each with everything that is still received from it."""
    open_ones = [r for r in rows if r.sender_code and not r.usable and r.state != "exempt" and r.accept_on and r.accept_on >= day.today]
    for sender, group in groupby(open_ones, key=lambda row: row.sender_code or ""):
        debts = list(group)
        if any(day.from_due(one) in OFFSETS for one in debts):
            yield sender, debts


def _letter(
    config: Settings, day: _Day, sender: str, debts: list[Owed], people: list[Contact], ask: list[Contact], names: Mapping[str, str]
) -> Message:  # fmt: skip
    lines = [_line(number, list(group), day, sender, names) for number, (_, group) in enumerate(_by_thing(debts), 1)]
    place = f" hoặc tại {config.public_url}" if config.public_url else ""
    body = [
        f"Kính gửi {names.get(sender, sender)},",
        "",
        f"Theo lịch gửi số liệu cải cách hành chính, đến ngày {day.today:%d/%m/%Y} còn {len(lines)} mục chưa được nhận:",
        "",
        *lines,
        "",
        f"Đề nghị kiểm tra tệp trước khi gửi bằng lệnh: cchc source check --file <tệp>{place}.",
        *([f"Khi cần hỗ trợ, đề nghị liên hệ: {'; '.join(one.told for one in ask)}."] if ask else []),
        "",
        "Thư này được gửi tự động; khi đã gửi đủ số liệu, đề nghị bỏ qua.",
    ]
    return Message(
        agency_code=sender,
        message_id=f"reminder.{config.province.name}.{sender}.{day.today}",
        kind="reminder",
        role=DATA_OWNER,
        recipients=[one.email for one in people],
        subject=f"[CCHC] Đề nghị gửi số liệu: {len(lines)} mục, ngày {day.today:%d/%m/%Y}",
        body="\n".join(body),
    )


def _by_thing(debts: list[Owed]) -> Iterable[tuple[tuple, Iterable[Owed]]]:
    """Units that owe the same thing until the same days, in the same state, share a line."""
    key = lambda one: (one.due_on, one.feed, one.period_code, one.accept_on, one.state)  # noqa: E731
    return groupby(sorted(debts, key=lambda one: (*map(str, key(one)), one.agency_code)), key=key)


def _line(number: int, group: list[Owed], day: _Day, sender: str, names: Mapping[str, str]) -> str:
    first, codes = group[0], [one.agency_code for one in group]
    distance = day.from_due(first)
    when = f" ({distance_words(distance)})" if distance is not None else ""
    whose = "" if codes == [sender] else f" Đơn vị: {names_of(codes, names)}."
    return f"{number}. {subject_of(first)}: {dates_of(first)}{when}. Tình trạng: {STATES.get(first.state, first.state)}.{whose}"

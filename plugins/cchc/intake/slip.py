"""What a return slip says: one delivery's faults for its sender, from the warehouse alone and without personal data."""

from dataclasses import dataclass
from datetime import date, datetime

import psycopg

from cchc.clock import ZONE
from cchc.contracts import ADVISORY, BLOCKING, Contract, attachment, contract, feeds
from cchc.errors import ConfigError
from cchc.intake.words import count

WORKING_DAYS = 5  # until a slip is to be answered, where reference.setting slip.working_days says nothing else
STATES = {"open": "Cần sửa", "mended": "Đã sửa ở lần gửi {by}", "superseded": "Đã thay bằng lần gửi {by}",
          "withdrawn": "Lần gửi đã rút"}  # fmt: skip

DELIVERY = f"""
select d.delivery_id, d.source_id, d.feed, d.contract_version, d.name, d.arrived_at, d.status,
       case when d.status <> 'accepted' or d.reason_rule in ('{ADVISORY}', '{BLOCKING}') then d.reason end,
       coalesce(d.rows_read, 0), coalesce(d.rows_accepted + d.rows_unchanged, 0), coalesce(d.rows_quarantined, 0),
       coalesce(d.rows_skipped, 0), d.headers, d.province, s.sender_code, coalesce(u.name_vi, s.sender_code)
from ops.delivery d join ops.source s using (source_id) left join reference.unit u on u.agency_code = s.sender_code
where d.delivery_id = %s"""

ROWS = """
select line, column_name, message_vi, coalesce(why, state), closed_by, cells from quarantine.row
where delivery_id = %s and why is distinct from 'replayed' order by line, column_name, rule"""

# the first day by whose end so many working days have passed since the arrival; none: the calendar does not reach so far
DEADLINE = """
select min(day) from reference.calendar_day where province = %(province)s and is_working and working_number = %(days)s + (
  select working_number from reference.calendar_day where province = %(province)s and day = %(day)s)"""


@dataclass(frozen=True)
class Row:
    """One broken rule of one line: the sender's header (empty: a rule over several columns), the rule in words, its state."""

    line: int
    header: str
    reason: str
    state: str
    cells: dict[str, str]


@dataclass(frozen=True)
class Slip:
    """A delivery's return slip; `headers` are the sender's own, by contract column."""

    delivery_id: int
    sender: str  # the slug of its YAML
    sender_name: str
    title: str
    file: str
    arrived_at: datetime
    verdict: str
    deadline: date | None
    contact: str
    headers: dict[str, str]
    rows: tuple[Row, ...]


def read_slip(connection: psycopg.Connection, delivery_id: int) -> Slip:
    """The slip of a delivery. Raises ConfigError for a delivery that is not there."""
    row = connection.execute(DELIVERY, (delivery_id,)).fetchone()
    if row is None:
        raise ConfigError(f"there is no delivery {delivery_id}: see `cchc delivery list`")
    number, source, feed, version, file, arrived_at, status, reason, read, usable, refused, skipped, headers, province, _, name = row
    agreed = contract(feed, version) if feed in feeds() else None
    title = agreed.title_vi if agreed else attachment(feed).title_vi
    words = {n: (headers or {}).get(n, c.vi) for n, c in agreed.stored.items()} if agreed else {}
    verdict = _verdict(status, reason, read, usable, refused, skipped)
    rows = tuple(_row(agreed, words, one) for one in connection.execute(ROWS, (number,))) if agreed else ()
    kept = {name for one in rows for name in one.cells}
    return Slip(number, source.split("/")[1], name, title, file, arrived_at.astimezone(ZONE), verdict,
                deadline(connection, province, arrived_at), _contact(connection, province),
                {n: words[n] for n in words if n in kept}, rows)  # fmt: skip


def deadline(connection: psycopg.Connection, province: str, arrived_at: datetime) -> date | None:
    """The day by whose end a slip is to be answered: working days after the arrival, by the province's calendar."""
    query = "select value from reference.setting where (province, name) = (%s, 'slip.working_days')"
    found = connection.execute(query, (province,)).fetchone()
    values = {"province": province, "day": arrived_at.astimezone(ZONE).date(), "days": int(found[0]) if found else WORKING_DAYS}
    row = connection.execute(DEADLINE, values).fetchone()
    return row[0] if row else None


def _verdict(status: str, reason: str | None, read: int, usable: int, refused: int, skipped: int) -> str:
    counted = f"Tổng số {count(read)} dòng: {count(usable)} đạt, {count(refused)} cần sửa, {count(skipped)} bỏ qua."
    match status:
        case "refused":
            return f"Không tiếp nhận cả lần gửi. {reason or ''} {counted if read else ''}".strip()
        case "held":
            return f"Tạm giữ, chưa đưa vào số liệu: {reason or ''}. {counted}"
        case "withdrawn":
            return f"Đã rút khỏi số liệu: {reason or ''}. {counted}"
        case _:
            return f"{counted} {reason}." if reason else counted


def _contact(connection: psycopg.Connection, province: str) -> str:
    query = "select name_vi, phone, email from reference.contact where province = %s and role = 'operator' order by email limit 1"
    row = connection.execute(query, (province,)).fetchone()
    return ", ".join(filter(None, row)) if row else ""


def _row(agreed: Contract, headers: dict[str, str], row: tuple) -> Row:
    line, column, message, state, by, cells = row
    shown = {name: shown_cell(agreed.columns[name].type, cells[name]) for name in agreed.stored if name in cells}
    return Row(line, headers.get(column, ""), message, STATES[state].format(by=by), shown)


def shown_cell(kind: str, text: str) -> str:
    """A kept cell as its sender would write it: days and hours of the province, no trailing zeros, Có and Không."""
    if kind == "instant":
        return f"{datetime.fromisoformat(text).astimezone(ZONE):%d/%m/%Y %H:%M}"
    if kind == "date":
        return f"{date.fromisoformat(text):%d/%m/%Y}"
    if kind == "boolean":
        return "Có" if text.lower() == "true" else "Không"
    if kind in ("amount", "decimal") and "." in text:
        return text.rstrip("0").rstrip(".").replace(".", ",")
    return text

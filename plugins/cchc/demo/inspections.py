"""Inspections by Thanh tra tỉnh, Sở Nội vụ and the bodies themselves: visits, what they found, breaches of discipline."""

from collections.abc import Iterator
from datetime import date

import numpy as np

from cchc.demo.province import Body, Province
from cchc.demo.sending import Sending
from cchc.demo.told import FIRST_YEAR, LAST_YEAR, SINCE, Row, after, changes, quarters, scored, some_day

INSPECTORS = {"par": "H52.03", "one_stop": "H52.03", "discipline": "H52.02", "procedures": "H52.04"}
TOPICS = ["par", "one_stop", "discipline", "procedures"]
FINDINGS = ["Niêm yết thủ tục hành chính chưa đầy đủ", "Sổ theo dõi hồ sơ ghi chép thiếu", "Chưa ban hành quy chế phối hợp",
            "Báo cáo định kỳ gửi chậm", "Chưa bố trí đủ trang thiết bị tại bộ phận một cửa", "Kế hoạch chưa gắn sản phẩm"]  # fmt: skip
BREACHES = ["delay", "working_hours", "no_card", "alcohol", "harassment", "other"]
BREACH_WEIGHTS = [0.3, 0.3, 0.2, 0.08, 0.07, 0.05]


def inspections(sender: Body, province: Province) -> Sending:
    """All visits of the plans, the unannounced ones, and what came of them, told quarter by quarter."""
    rows = [row for body in scored(province) for year in range(FIRST_YEAR, LAST_YEAR + 1) for row in _of_year(sender, province, body, year)]
    return changes("inspection", quarters(sender, province), rows)


def _of_year(sender: Body, province: Province, body: Body, year: int) -> Iterator[Row]:
    """One visit from above, one or two of its own units by the body itself, for some one that nobody announced."""
    rng = sender.rng(f"inspection/{body.code}/{year}")
    first, last = max(date(year, 2, 1), body.since), date(year, 12, 20)
    if first >= last:
        return
    own = [body.code, *body.communes]
    above = TOPICS[int(rng.integers(0, 4))]
    plan = [(body.code, INSPECTORS[above], above, "planned")]
    plan += [(own[int(rng.integers(0, len(own)))], body.code, TOPICS[int(rng.integers(0, 4))], "planned") for _ in range(2)]
    if rng.random() < 0.5:
        plan.append((body.code, INSPECTORS["discipline"], "discipline", "unannounced"))
    for number, (unit, inspector, topic, kind) in enumerate(plan, start=1):
        day = province.last_working_day(some_day(rng, first, last))
        yield from _visit(rng, body, f"KT-{year}-{body.code[4:]}-{number}", unit, inspector, topic, kind, max(day, first))


def _visit(rng: np.random.Generator, body: Body, code: str, unit: str, inspector: str, topic: str, kind: str, day: date) -> Iterator[Row]:
    happens = kind == "unannounced" or rng.random() < body.profile.plan + 0.03
    done = after(rng, day, 0, 9) if happens else None
    people = int(rng.integers(8, 45))
    head = {"agency_code": unit, "inspection_code": code, "inspector_code": None if inspector == unit else inspector}
    planned = day if kind == "planned" else None
    yield head | {
        "item_no": 0, "record": "visit", "kind": kind, "topic": topic, "planned_on": planned, "done_on": done,
        "people_checked": people if topic == "discipline" else None,
        "people_with_card": round(people * rng.uniform(0.8, 1.0)) if topic == "discipline" else None,
        SINCE: date(day.year, 1, 5) if planned else day,
    }  # fmt: skip
    if done is None:
        return
    for number in range(1, int(rng.integers(0, 4)) + 1):
        yield head | _item(rng, body, number, done)
    if topic == "discipline":
        for number in range(11, 11 + int(rng.integers(0, 3))):
            yield head | _breach(rng, number, done)


def _item(rng: np.random.Generator, body: Body, number: int, found: date) -> Row:
    """A finding, with its deadline and (mostly) its remedy."""
    due = after(rng, found, 20, 60)
    luck = rng.random()
    late = luck > body.profile.on_time - 0.05
    remedied = None if luck > 0.97 else after(rng, due, 3, 40) if late else after(rng, found, 5, (due - found).days)
    title = FINDINGS[int(rng.integers(0, len(FINDINGS)))]
    return {"item_no": number, "record": "finding", "title": title, "found_on": found, "due_on": due, "remedied_on": remedied, SINCE: found}


def _breach(rng: np.random.Generator, number: int, found: date) -> Row:
    decided = after(rng, found, 10, 60) if rng.random() < 0.85 else None
    kind = str(rng.choice(BREACHES, p=BREACH_WEIGHTS))
    return {"item_no": number, "record": "violation", "violation_kind": kind, "found_on": found, "decided_on": decided, SINCE: found}

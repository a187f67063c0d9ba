"""Points: what bodies gave themselves, what verifiers made of it, and the province's place, by Sở Nội vụ. All constructed.

The pilot itself assesses 2013 in 2014; the rehearsal of December 2013 is ours, so that a release of 31/12/2013 shows the stages.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import numpy as np

from cchc.demo.facts import Profile
from cchc.demo.province import Body, Province, at
from cchc.demo.sending import Sending
from cchc.demo.told import Row, scored, whole

FRAMEWORK, YEAR = "demo-9", "2013"
STEP = Decimal("0.25")
ASSESSED = at(date(2013, 12, 16), 9, 10)
FIRST_ROUND, LAST_ROUND = at(date(2013, 12, 27), 14, 20), at(date(2014, 5, 30), 14, 20)
OWN_SET = at(date(2013, 3, 29), 9, 10)  # the province on the Ministry's set, on 2012
ANNOUNCED = at(date(2013, 10, 8), 9, 0)
NATIONAL = {  # field: title, points by the province itself, points as announced (constructed)
    "1": ("Công tác chỉ đạo, điều hành", "11.5", "10.75"), "2": ("Xây dựng và tổ chức thực hiện văn bản", "8.0", "7.5"),
    "3": ("Cải cách thủ tục hành chính", "9.25", "8.5"), "4": ("Cải cách tổ chức bộ máy", "8.75", "8.25"),
    "5": ("Nâng cao chất lượng đội ngũ", "12.0", "11.25"), "6": ("Đổi mới cơ chế tài chính", "8.5", "8.5"),
    "7": ("Hiện đại hóa hành chính", "11.25", "9.5"), "8": ("Thực hiện cơ chế một cửa", "12.5", "11.5"),
}  # fmt: skip
BY_SURVEY, RANK, PROVINCES = Decimal("29.5"), 38, 63
REASONS = ["Tài liệu kiểm chứng chưa đủ", "Số liệu chưa khớp với hệ thống", "Kế hoạch ban hành chậm"]
EXPLAINED = "Đơn vị đã bổ sung tài liệu kiểm chứng (giả lập)"


def self_assessments(sender: Body, province: Province) -> Sending:
    """The province on itself for 2012; the 30 bodies' rehearsal for 2013."""
    ends = [("2012", OWN_SET), (YEAR, ASSESSED)]
    return whole("self_assessment", ends, lambda period, day: _of_province(sender, day) if period == "2012" else _of_bodies(province, day))


def verifications(sender: Body, province: Province) -> Sending:
    """A first round on what was checked by the end of 2013; the last word in May 2014."""
    ends = [(YEAR, FIRST_ROUND), (f"{YEAR}_vong_2", LAST_ROUND)]
    return whole("verification", ends, lambda period, day: _verified(sender, province, period != YEAR, day))


def national_index(sender: Body, province: Province) -> Sending:
    """The Ministry's announcement on 2012: total and fields."""
    return whole("national_index", [("2012", ANNOUNCED)], lambda _, day: _announced(sender, day))


def _of_province(sender: Body, day: date) -> Iterator[Row]:
    for criterion, (_, own, _) in NATIONAL.items():
        yield {"agency_code": sender.code, "period": "2012", "framework": "PAR-INDEX", "criterion": criterion, "points": Decimal(own),
               "explanation": "Tự đánh giá theo bộ chỉ số của Bộ Nội vụ (giả lập)", "assessed_on": day}  # fmt: skip


def _of_bodies(province: Province, day: date) -> Iterator[Row]:
    for body, criterion in _to_assess(province):
        most, measured = Decimal(criterion["points"]), criterion["measure"]
        rng = body.rng(f"self_assessment/{criterion['code']}")
        yield {
            "agency_code": body.code, "period": YEAR, "framework": FRAMEWORK, "criterion": criterion["code"],
            "points": _in_steps(most, _share(body.profile, measured) + rng.uniform(0, 0.08)),
            "explanation": "Theo số liệu của đơn vị (giả lập)", "assessed_on": day,
        }  # fmt: skip


def _to_assess(province: Province) -> Iterator[tuple[Body, dict[str, str]]]:
    """Every body with the criteria of its block that no survey scores."""
    leaves = [row for row in province.reference("criterion") if row["framework"] == FRAMEWORK and row["scored_by"] == "measure"]
    for body in scored(province):
        if body.since <= date(2013, 1, 1):
            yield from ((body, leaf) for leaf in leaves if leaf["block"] == body.kind)


def _share(profile: Profile, measure: str) -> float:
    """The share of the points that the body believes it earned."""
    return {
        "plan_completion_rate": profile.plan, "on_time_rate": 1 - (1 - profile.on_time) * 6, "apology_rate": profile.apology,
        "overdue_pending_count": 0.9 - profile.stuck * 8, "fee_correct_rate": 0.65, "modern_one_stop_rate": 0.0,
    }.get(measure, 0.95)  # fmt: skip


def _in_steps(most: Decimal, share: float) -> Decimal:
    """Points in quarters, between nothing and all."""
    return min(max(round(most * Decimal(f"{share:.4f}") / STEP) * STEP, Decimal(0)), most)


def _verified(sender: Body, province: Province, last: bool, day: date) -> Iterator[Row]:
    given = {(row["agency_code"], row["criterion"]): row["points"] for row in _of_bodies(province, day)}
    for body, criterion in _to_assess(province):
        rng = sender.rng(f"verification/{body.code}/{criterion['code']}")
        if not last and not _checked_first(body, criterion):
            continue
        yield _verdict(rng, body, criterion, given[body.code, criterion["code"]], last, day)


def _checked_first(body: Body, criterion: dict[str, str]) -> bool:
    """By the end of 2013: steering of all, procedures of the departments."""
    return criterion["parent"] == "1" or (criterion["parent"] == "3" and body.kind == "department")


def _verdict(rng: np.random.Generator, body: Body, criterion: dict[str, str], own: Decimal, last: bool, day: date) -> Row:
    luck = rng.random()
    less = max(own - STEP * int(rng.integers(1, 6)), Decimal(0))
    outcome = "agreed" if luck < 0.65 else "changed" if luck < 0.88 else "disputed"
    reason = None if outcome == "agreed" else REASONS[int(rng.integers(0, len(REASONS)))]
    disputed = last and outcome == "disputed"
    return {
        "agency_code": body.code, "period": YEAR, "framework": FRAMEWORK, "criterion": criterion["code"], "round": 2 if last else 1,
        "verifier_code": criterion["verifier"], "outcome": "final" if last else outcome,
        "points": own if outcome == "agreed" or disputed else less, "reason": reason,
        "agency_explanation": EXPLAINED if disputed else None, "verified_on": day,
    }  # fmt: skip


def _announced(sender: Body, day: date) -> Iterator[Row]:
    head = {"agency_code": sender.code, "period": "2012", "index_code": "PAR-INDEX", "subject": "Sơn La", "announced_on": day,
            "source_document": "Công bố của Bộ Nội vụ (số liệu giả lập)"}  # fmt: skip
    fields = [Decimal(points) for *_, points in NATIONAL.values()]
    by_file = sum(fields, Decimal(0)) - BY_SURVEY
    yield head | {"criterion": "total", "title": "Tổng điểm", "points": sum(fields, Decimal(0)), "points_max": Decimal(100),
                  "points_verified": by_file, "points_survey": BY_SURVEY, "rank": RANK, "ranked_among": PROVINCES}  # fmt: skip
    for (criterion, (title, *_)), points in zip(NATIONAL.items(), fields, strict=True):
        yield head | {"criterion": criterion, "title": title, "points": points}

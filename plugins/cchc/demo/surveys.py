"""Surveys: every body asks its citizens each autumn; in spring 2014 the pilot of SL-152 asks on 2013."""

from datetime import date, timedelta

import numpy as np

from cchc.demo.people import names
from cchc.demo.province import Body, Province, at
from cchc.demo.sending import Delivery, Sending, choose

SILENT = {"ban-dan-toc"}  # never sends one (planted: an absent sender in the coverage)
LATE = {("huyen-sop-cop", "2013"): at(date(2014, 1, 8), 9, 30)}  # planted: arrives after the published date
ASKED = {"own": (120, 12), "pilot": (45, 0)}  # of the body itself, of each commune
GROUPS = {
    "own": (["citizen", "business"], [85, 15]),
    "pilot": (["deputy", "front", "leader", "investor"], [40, 20, 30, 10]),
}
LEVELS = ["very_satisfied", "satisfied", "neutral", "dissatisfied", "very_dissatisfied"]
BLANK = 0.05
FACTORS = ["access", "procedures", "officials", "results", "feedback_handling"]
SECTORS = {"so-y-te": "Y tế", "so-giao-duc-dao-tao": "Giáo dục", "so-xay-dung": "Xây dựng",
           "so-tai-nguyen-moi-truong": "Đất đai, môi trường", "so-ke-hoach-dau-tu": "Đăng ký kinh doanh"}  # fmt: skip
ROUNDS = [  # period in the file's name, survey, kind, first day, number of days, arrival
    ("2012", "KS-2012", "own", date(2012, 10, 15), 35, at(date(2012, 12, 7), 10, 20)),
    ("2013", "KS-2013", "own", date(2013, 10, 14), 35, at(date(2013, 12, 6), 10, 20)),
    ("2014", "SL152-2013", "pilot", date(2014, 3, 3), 60, at(date(2014, 6, 13), 10, 20)),
]


def surveys(body: Body, province: Province) -> Sending:
    """One file per round; none from a silent body."""
    rng = body.rng("survey_response")
    columns: dict[str, list] = {}
    deliveries = []
    for period, survey, kind, first_day, length, arrival in ROUNDS:
        if body.slug in SILENT or first_day < body.since:
            continue
        rows = _answers(body, rng, survey, kind, first_day, length)
        start = len(columns.get("response_id", []))
        columns = {name: columns.get(name, []) + values for name, values in rows.items()}
        when = LATE.get((body.slug, period), arrival)
        deliveries.append(Delivery(when, period, np.arange(start, len(columns["response_id"]))))
    return Sending("survey_response", columns, deliveries)


def _answers(body: Body, rng: np.random.Generator, survey: str, kind: str, first_day: date, length: int) -> dict[str, list]:
    own, commune = ASKED[kind]
    sizes = np.concatenate(([own], np.full(len(body.communes), commune))) * rng.uniform(0.7, 1.3, len(body.units))
    unit = np.repeat(np.arange(len(body.units)), np.round(sizes).astype(int))
    size = len(unit)
    groups, weights = GROUPS[kind]
    share = body.profile.satisfied
    answer = choose(rng, [share * 0.35, share * 0.65, (1 - share) * 0.6, (1 - share) * 0.3, (1 - share) * 0.1], size)
    blank = rng.random(size) < BLANK
    days = rng.integers(0, length, size).tolist()
    return {
        "agency_code": [body.units[n] for n in unit.tolist()],
        "response_id": [f"{survey}-{n:05d}" for n in range(1, size + 1)],
        "survey_code": [f"{survey}-{body.code}"] * size,
        "respondent_group": [groups[n] for n in choose(rng, weights, size).tolist()],
        "answered_on": [first_day + timedelta(days=n) for n in days],
        "overall": [None if b else LEVELS[n] for n, b in zip(answer.tolist(), blank.tolist(), strict=True)],
        "respondent_name": names(rng, size),
        **_factors(body, survey, answer, unit),
    }


def _factors(body: Body, survey: str, overall: np.ndarray, unit: np.ndarray) -> dict[str, list]:
    """The five factors of SIPAS, each near the overall answer; the sector, where the body serves one; the question on apologies."""
    rng, size = body.rng(f"survey_factors/{survey}"), len(overall)
    told: dict[str, list] = {}
    for factor in FACTORS:
        place = np.clip(overall + rng.choice([-1, 0, 0, 0, 1], size), 0, len(LEVELS) - 1)
        blank = rng.random(size) < BLANK
        told[factor] = [None if b else LEVELS[n] for n, b in zip(place.tolist(), blank.tolist(), strict=True)]
    late = rng.random(size) < 1 - body.profile.on_time
    told["apology"] = [LEVELS[min(n + 1, 4)] if was else "not_late" for n, was in zip(overall.tolist(), late.tolist(), strict=True)]
    told["sector"] = [SECTORS.get(body.slug)] * size
    told["scale"] = ["satisfaction-5"] * size
    told["channel"] = ["paper" if n else "interview" for n in unit.tolist()]
    return told

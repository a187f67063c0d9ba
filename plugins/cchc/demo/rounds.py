"""Whom the surveys asked, and the trial poll of December 2013 among deputies and leaders, by Sở Nội vụ."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from math import ceil

import numpy as np

from cchc.demo.dossiers import cases_of
from cchc.demo.province import Body, Province, at
from cchc.demo.sending import Sending, choose
from cchc.demo.surveys import ROUNDS, SECTORS, surveys
from cchc.demo.told import SINCE, Row, changes, scored, some_day, whole

SENT_AFTER = timedelta(days=4)  # the surveys themselves came before
WRONG_POPULATION = {"huyen-song-ma": 0.6, "so-y-te": 1.4}  # planted: the ledger holds the population against the dossiers
SAMPLE = 0.05 * 0.05  # n = N / (1 + N e²), e = 5 % (domain/index.md)
POLL, POLL_DAYS = "TD-2013", (date(2013, 11, 18), date(2013, 12, 6))
POLLED = {
    "department": {"leader": 6, "district_leader": 12, "deputy": 6},
    "district": {"deputy": 8, "front": 6, "leader": 6, "commune_leader": 10},
}
QUESTION, SCALE = "8.4", "a-e"
WEIGHTS = {"A": 35, "B": 40, "C": 15, "D": 5, "": 5}  # a blank is no answer


def survey_rounds(sender: Body, province: Province) -> Sending:
    """The bodies' own surveys of each autumn: population, forms sent and returned, by unit and group."""
    own = [(period, survey, first, length, arrival) for period, survey, kind, first, length, arrival in ROUNDS if kind == "own"]
    ends = [(period, arrival + SENT_AFTER) for period, *_, arrival in own]
    of_period = {period: (survey, first, length) for period, survey, first, length, _ in own}

    def told(period: str, _: date) -> Iterator[Row]:
        for body in scored(province):
            yield from _of_body(sender, province, body, period, *of_period[period])

    return whole("survey_round", ends, told)


def _of_body(sender: Body, province: Province, body: Body, period: str, survey: str, first: date, length: int) -> Iterator[Row]:
    code = f"{survey}-{body.code}"
    answers = surveys(body, province).columns
    told = zip(*(answers.get(name, []) for name in ("agency_code", "respondent_group", "survey_code")), strict=True)
    returned = Counter((unit, group) for unit, group, asked in told if asked == code)
    rng = sender.rng(f"survey_round/{body.code}/{period}")
    served = _served(body, province, int(period)) if returned else {}
    factor = {unit: WRONG_POPULATION.get(body.slug, 1) * rng.uniform(0.985, 1.015) for unit in body.units}
    for (unit, group), forms in sorted(returned.items()):
        population = _share(round(served[unit] * factor[unit]), group, (unit, "business") in returned)
        yield {
            "agency_code": unit, "period": period, "survey_code": code, "respondent_group": group,
            "title": f"Khảo sát sự hài lòng của người dân, doanh nghiệp năm {period}", "sector": SECTORS.get(body.slug),
            "population": population,
            "sample_planned": ceil(population / (1 + population * SAMPLE)), "forms_sent": ceil(forms * rng.uniform(1.02, 1.3)),
            "forms_returned": forms, "opened_on": first, "closed_on": first + timedelta(days=length),
        }  # fmt: skip


def _share(people: int, group: str, has_business: bool) -> int:
    """The group's part of those served; a unit that only asked citizens counts all as such."""
    business = round(people * 0.15) if has_business else 0
    return business if group == "business" else people - business


def _served(body: Body, province: Province, year: int) -> dict[str, int]:
    """Dossiers that each unit of the body finished in the year."""
    cases = cases_of(body, province)
    finished = (cases.finished.astype("datetime64[Y]") == np.datetime64(str(year))) & (cases.closed_as == "")
    counts = np.bincount(cases.unit[finished], minlength=len(body.units)).tolist()
    return dict(zip(body.units, counts, strict=True))


def survey_answers(sender: Body, province: Province) -> Sending:
    """The trial poll: one question, asked of those who deal with the body."""
    arrival = at(date(2013, 12, 13), 10, 40)
    rows = [row for body in scored(province) for row in _polled(sender, body)]
    return changes("survey_answer", [("2013", arrival)], rows)


def _polled(sender: Body, body: Body) -> Iterator[Row]:
    rng = sender.rng(f"survey_answer/{body.code}")
    letters, number = list(WEIGHTS), 0
    satisfied = [w * (2 * body.profile.satisfied - 0.7 if letter in "AB" and letter else 1) for letter, w in WEIGHTS.items()]
    for group, size in POLLED[body.kind].items():
        for place in choose(rng, satisfied, size).tolist():
            number += 1
            day = some_day(rng, *POLL_DAYS)
            yield {
                "agency_code": body.code, "response_id": f"{POLL}-{body.code}-{number:03d}", "question": QUESTION,
                "survey_code": POLL, "respondent_group": group, "scale": SCALE, "answer": letters[place] or None,
                "answered_on": day, SINCE: day,
            }  # fmt: skip

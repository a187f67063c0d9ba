"""Classes for officials, by Sở Nội vụ. Those of 2013 add up to the published numbers (SL-152 §I.2), by construction."""

from collections.abc import Iterator
from datetime import date

from cchc.demo.facts import CLASSES_2013, LEARNERS_2013
from cchc.demo.province import Body, Province
from cchc.demo.sending import Sending, share_out
from cchc.demo.told import FIRST_YEAR, LAST_YEAR, SINCE, Row, after, changes, quarters, scored, some_day

OTHER_YEARS = 38  # classes of a year of which nothing was published
TITLES = {
    "par": "Bồi dưỡng kiến thức cải cách hành chính",
    "one_stop": "Bồi dưỡng nghiệp vụ bộ phận tiếp nhận và trả kết quả",
    "digital": "Tin học văn phòng",
    "civil_service": "Bồi dưỡng ngạch chuyên viên",
}
GIVEN_UP = 3  # planned classes of each year that nobody held


def training(sender: Body, province: Province) -> Sending:
    """The year's plan of classes, and each class once it is closed."""
    rows = [row for year in range(FIRST_YEAR, LAST_YEAR + 1) for row in _of_year(sender, province, year)]
    return changes("training", quarters(sender, province), rows)


def _of_year(sender: Body, province: Province, year: int) -> Iterator[Row]:
    """Every third class is held by a district or department, the others by Sở Nội vụ; of 2013 all are on the reform."""
    rng = sender.rng(f"training/{year}")
    size, learners = (CLASSES_2013, LEARNERS_2013) if year == 2013 else (OTHER_YEARS, OTHER_YEARS * 66)
    topics = ["par", "one_stop"] if year == 2013 else list(TITLES)
    holders = [body for body in scored(province) if body.since <= date(year, 1, 1)]
    for number, people in enumerate([*share_out(learners, rng.uniform(0.6, 1.4, size)), *[0] * GIVEN_UP], start=1):
        holder = holders[int(rng.integers(0, len(holders)))].code if number % 3 == 0 else "H52.03"
        topic = topics[int(rng.integers(0, len(topics)))]
        planned = some_day(rng, date(year, 2, 20), date(year, 12, 1))
        opened = after(rng, planned, 0, 8)
        closed = after(rng, opened, 1, 4)
        held = bool(people)
        yield {
            "agency_code": holder, "class_code": f"L-{year}-{number:02d}", "topic": topic, "title": TITLES[topic],
            "planned_on": planned if number % 8 else None, "planned_learners": int(people) // 5 * 5 if held else 60,
            "opened_on": opened if held else None, "closed_on": closed if held else None,
            "learners": int(people) if held else None, "learners_desk": int(people) // 3 if topic == "one_stop" and held else None,
            SINCE: after(rng, planned, -15, -10) if number % 8 or not held else opened,
        }  # fmt: skip

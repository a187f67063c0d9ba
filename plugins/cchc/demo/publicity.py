"""Items that publicise the reform, by Sở Thông tin và Truyền thông: what each body planned and what appeared."""

from collections.abc import Iterator
from datetime import date

from cchc.demo.facts import PORTAL_SINCE
from cchc.demo.province import Body, Province
from cchc.demo.sending import Sending, choose
from cchc.demo.told import FIRST_YEAR, LAST_YEAR, SINCE, Row, after, changes, quarters, scored, some_day

MEDIA, WEIGHTS = (
    ["loudspeaker", "radio", "newspaper", "leaflet", "conference", "dialogue", "television", "contest"],
    [30, 15, 15, 12, 12, 8, 6, 2],
)
TITLES = ["Cơ chế một cửa, một cửa liên thông", "Công khai thủ tục hành chính", "Chương trình tổng thể cải cách hành chính",
          "Kỷ luật, kỷ cương hành chính", "Dịch vụ công trực tuyến", "Đối thoại với người dân về thủ tục hành chính"]  # fmt: skip
ITEMS = {"department": (5, 10), "district": (8, 16)}
UNPLANNED = 0.2


def communication(sender: Body, province: Province) -> Sending:
    """What the year's plans promise, and what was broadcast, printed or held, told quarter by quarter."""
    rows = [row for body in scored(province) for year in range(FIRST_YEAR, LAST_YEAR + 1) for row in _of_year(sender, body, year)]
    return changes("communication", quarters(sender, province), rows)


def _of_year(sender: Body, body: Body, year: int) -> Iterator[Row]:
    rng = sender.rng(f"communication/{body.code}/{year}")
    first, last = max(date(year, 1, 10), body.since), date(year, 12, 24)
    if first >= last:
        return
    for number in range(1, int(rng.integers(*ITEMS[body.kind])) + 1):
        medium = MEDIA[int(choose(rng, WEIGHTS, 1)[0])]
        if medium == "loudspeaker" and body.slug in PORTAL_SINCE:
            medium = "portal"
        day = some_day(rng, first, last)
        planned, appears = rng.random() >= UNPLANNED, rng.random() < body.profile.plan
        meets = medium in ("conference", "dialogue", "contest")
        yield {
            "agency_code": body.code, "item_code": f"TT-{year}-{body.code[4:]}-{number:02d}", "medium": medium,
            "title": TITLES[int(rng.integers(0, len(TITLES)))], "planned_on": day if planned else None,
            "published_on": after(rng, day, 0, 6) if appears or not planned else None,
            "times": int(rng.integers(1, 7)) if medium in ("loudspeaker", "radio", "television") else None,
            "participants": int(rng.integers(30, 180)) if meets else None, SINCE: date(year, 1, 10) if planned else day,
        }  # fmt: skip

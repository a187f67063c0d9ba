"""Working days from the package `holidays`, a source in every row; how a deadline moves over days off."""

from collections.abc import Iterable
from datetime import date, timedelta
from importlib.metadata import version

import holidays

from cchc.province.tables import template

HEADER = ("day", "is_working", "name_vi", "source")
LONGEST_HOLIDAY = 30  # days looked at for a deadline past the calendar's last one; Tết takes fewer than ten
SATURDAY = 5


class Calendar:
    """The days of some years, each working or not, as far as the package knows.

    Days off in lieu and made-up Saturdays are announced year by year, the package follows with a delay: every row says
    that it was not compared with the announcement, and a person corrects the row together with its source. What the
    project has corrected itself (templates/calendar_day.csv) stands over the package.
    """

    def __init__(self, years: Iterable[int]):
        self.years = sorted(set(years))
        around = range(self.years[0] - 1, self.years[-1] + 2)
        self._corrected = {row["day"]: row for row in template("calendar_day")[1]}
        self._off = holidays.country_holidays("VN", years=around, language="vi")
        self._source = f"gói holidays {version('holidays')}, năm chưa đối chiếu văn bản"

    def is_working(self, day: date) -> bool:
        """Whether offices work on `day`."""
        if corrected := self._corrected.get(day.isoformat()):
            return corrected["is_working"] == "true"
        return day in self._off.weekend_workdays or (day.weekday() < SATURDAY and day not in self._off)

    def rows(self) -> list[list[str]]:
        """Every day of the years, as reference/calendar_day.csv has them."""
        first, last = date(self.years[0], 1, 1), date(self.years[-1], 12, 31)
        return [self._row(first + timedelta(number)) for number in range((last - first).days + 1)]

    def _row(self, day: date) -> list[str]:
        if corrected := self._corrected.get(day.isoformat()):
            return [corrected[name] for name in HEADER]
        name = self._off.get(day) or ("Làm bù" if day in self._off.weekend_workdays else "")
        kind = "" if name else "cuối tuần; " if day.weekday() >= SATURDAY else "ngày thường; "
        return [day.isoformat(), str(self.is_working(day)).lower(), name, kind + self._source]

    def deadline(self, end: date, due: date) -> date:
        """`due`, moved over days off; after the cut-off `end` so that at least one working day lies between (CV 581/BNV-CCHC)."""
        longest = abs((due - end).days) + LONGEST_HOLIDAY
        after = [day for n in range(longest) if self.is_working(day := min(end, due - timedelta(1)) + timedelta(n + 1))]
        return next(day for day in (after[1:] if due > end else after) if day >= due)

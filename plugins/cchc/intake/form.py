"""Which of a source's forms a file has: by the period in its name, else by the day it arrived (`columns_by_period`)."""

import re
from datetime import date, datetime

from cchc.clock import ZONE
from cchc.connectors.sources import Form, Source
from cchc.readers import Refusal

PERIOD = re.compile(r"(?P<year>\d{4})(?:[-_]?(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|(?P<month>0[1-9]|1[0-2])(?:[-_]?(?P<day>\d{2}))?))?")
UNKNOWN_VI = (
    "Không xác định được kỳ của tệp từ tên tệp '{name}'. Đề nghị đặt tên tệp có kỳ báo cáo (ví dụ 2013, 2013-Q1, 2013-05) và gửi lại."
)


def formed(source: Source, name: str, arrived_at: datetime) -> Source:
    """The source as it is declared for this file. Raises Refusal when the name does not tell the period that it should tell."""
    if not source.columns_by_period:
        return source
    day = _first_day(source.period_in_name, name) if source.period_in_name else arrived_at.astimezone(ZONE).date()
    form = next((form for form in source.columns_by_period if form.holds(day)), None)
    return _laid_over(source, form) if form else source


def _first_day(pattern: str, name: str) -> date:
    """The first day of the period in a file's name."""
    found = re.search(pattern, name)
    told = PERIOD.fullmatch(found.group(1)) if found else None
    try:
        if told is None:
            raise ValueError
        number = {word: int(digits) for word, digits in told.groupdict().items() if digits}
        month = number.get("month") or 3 * number.get("quarter", 1) - 2 + 6 * (number.get("half", 1) - 1)
        return date(number["year"], month, number.get("day", 1))
    except ValueError:
        raise Refusal("unknown_period", UNKNOWN_VI.format(name=name.rsplit("/", 1)[-1])) from None


def _laid_over(source: Source, form: Form) -> Source:
    """Columns and words are added to the source's own and win; everything else that the form says replaces it."""
    said = {word: value for word in ("read", "dates", "instants", "decimal", "skip_rows") if (value := getattr(form, word)) is not None}
    words = {name: source.values.get(name, {}) | told for name, told in form.values.items()}
    return source.model_copy(update=said | {"columns": source.columns | form.columns, "values": source.values | words})

"""What mails call a delivery: feed, period, dates and state in Vietnamese."""

from collections.abc import Mapping
from datetime import date

from cchc.contracts import contract, feeds
from cchc.intake.expected import Owed
from cchc.reports.vietnamese import day, period_words

STATES = {
    "absent": "chưa gửi", "open": "chưa gửi", "refused": "tệp đã gửi bị từ chối", "held": "tệp đã gửi đang giữ lại để kiểm tra",
    "withdrawn": "tệp đã gửi được rút lại", "received": "tệp đã gửi đang xử lý", "empty": "tệp đã gửi không có số liệu của đơn vị",
    "too_late": "gửi sau hạn còn nhận",
}  # fmt: skip


def subject_of(one: Owed) -> str:
    """`Danh sách cán bộ, quý IV năm 2013`."""
    title = contract(one.feed).title_vi if one.feed in feeds() else one.feed
    return f"{title}, {period_words(one.period_code)}"


def missing_key(one: Owed) -> str:
    """What a delivery that has not come is called in known_issue.csv, by alerts and by the watcher."""
    return f"missing:{one.agency_code}:{one.feed}:{one.period_code}"


def dates_of(one: Owed) -> str:
    """Both dates, each a whole day."""
    return f"đúng hạn đến hết ngày {_day(one.due_on)}, còn nhận đến hết ngày {_day(one.accept_on)}"


def names_of(codes: list[str], names: Mapping[str, str]) -> str:
    """Units by their official names, none left out."""
    return "; ".join(names.get(code, code) for code in codes)


def distance_words(working_days: int) -> str:
    """How far a day is from the due day, in working days; before it is negative."""
    if working_days == 0:
        return "hết hạn hôm nay"
    return f"còn {-working_days} ngày làm việc" if working_days < 0 else f"quá hạn {working_days} ngày làm việc"


def _day(value: date | None) -> str:
    return day(value) if value else "chưa xác định"

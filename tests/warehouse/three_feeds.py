"""Senders of three feeds, one of each way a delivery stands to those before it, and their files."""

from collections.abc import Iterable
from pathlib import Path

from cchc.settings import Settings
from province import write_csv

SENDER = """\
sender: {unit}
synthetic: true
sources:
"""
SOURCE = """\
  {feed}:
    feed: {feed}
    every: month
    required: false
    due_precision: time
    connect: {{kind: file_drop, glob: "{sender}/*/{feed}*.csv", arrived: "([0-9-]{{10}})"}}
    read: {{kind: csv}}
"""
HEADERS = {
    "dossier_log": ["Mã cơ quan", "Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Cập nhật lúc", "Người nộp"],  # changes, own version
    "survey_response": ["Mã cơ quan", "Mã phiếu", "Mã cuộc khảo sát", "Nhóm đối tượng", "Ngày trả lời", "Hài lòng chung"],  # changes
    "finance_autonomy": ["Mã cơ quan", "Kỳ", "Mã dòng", "Loại dòng", "Mục đích chi"],  # window
    "plan_task": ["Mã cơ quan", "Năm kế hoạch", "Mã nhiệm vụ", "Loại kế hoạch", "Tên nhiệm vụ"],  # snapshot
}
DAY = "2013-{month:02d}-{day:02d}"


def day(number: int) -> str:
    """The `number`th day of the play, as the folder of an arrival."""
    return DAY.format(month=3 + number // 28, day=number % 28 + 1)


def write_sender(config: Settings, sender: str, unit: str) -> None:
    """A sender's YAML with a source of each feed."""
    text = SENDER.format(unit=unit) + "".join(SOURCE.format(feed=feed, sender=sender) for feed in HEADERS)
    (config.province / "sources").mkdir(parents=True, exist_ok=True)
    (config.province / f"sources/{sender}.yaml").write_text(text, encoding="utf-8")


def send(config: Settings, sender: str, feed: str, on: str, rows: Iterable[tuple], name: str = "") -> Path:
    """A file of `feed` that arrives on `on` (YYYY-MM-DD); rows hold the cells in the order of HEADERS."""
    path = config.inbox_path / sender / on / f"{feed}{name}.csv"
    write_csv(path, HEADERS[feed], list(rows))
    return path


def dossier(unit: str, code: str, updated: str = "", received: str = "2013-02-20T08:00", due: str = "2013-03-10T17:00") -> tuple:
    """A good dossier; a `due` before `received` makes it a bad one whose key is known."""
    return (unit, code, received, due, updated, "Nguyễn Văn Mật")


def answer(unit: str, code: str, overall: str = "neutral", survey: str = "K1") -> tuple:
    """A good answer; an `overall` that is no word of the list makes it a bad one whose key is known."""
    return (unit, code, survey, "citizen", "2013-02-20", overall)


def budget(unit: str, period: str, code: str, record: str = "budget") -> tuple:
    """A good budget line; an unknown `record` makes it a bad one whose key is known, a `period` that is none one without."""
    return (unit, period, code, record, "par")


def task(unit: str, code: str, title: str = "Việc", kind: str = "par", year: str = "2013") -> tuple:
    """A good task; an unknown `kind` makes it a bad one whose key is known, a `year` in words one without a key."""
    return (unit, year, code, kind, title)

"""A tiny province with staff and dossiers, and the steps of a night over it."""

from collections.abc import Iterable
from pathlib import Path

from cchc.clock import parse_as_of
from cchc.intake.reference import load_reference
from cchc.intake.run import IngestResult, ingest_all
from cchc.night.run import NightResult, run_night
from cchc.settings import Settings
from province import write_csv, write_reference

SOURCES = """\
sender: {unit}
synthetic: true
sources:
  dossiers:
    feed: dossier_log
    every: month
    due_precision: time
    connect: {{kind: file_drop, glob: "{folder}/*/dossier*.csv", arrived: "([0-9-]{{10}})"}}
    read: {{kind: csv}}
  staff:
    feed: staff
    every: quarter
    required: {required}
    connect: {{kind: file_drop, glob: "{folder}/*/staff*.csv", arrived: "([0-9-]{{10}})"}}
    read: {{kind: csv}}
"""
DOSSIER = ["Mã cơ quan", "Mã hồ sơ", "Hình thức nộp", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày có kết quả", "Cập nhật lúc", "Người nộp"]
STAFF = ["Mã cơ quan", "Số hiệu cán bộ", "Họ và tên", "Loại", "Ngày vào vị trí"]


DAY = "2013-03-31"
ROWS = [
    ("A-1", "2013-03-01T08:00", "2013-03-10T17:00", "2013-03-05T10:00", "2013-03-05T10:00"),
    ("A-2", "2013-03-01T08:00", "2013-03-10T17:00", "2013-03-12T10:00", "2013-03-12T10:00"),
    ("A-3", "2013-03-20T08:00", "2013-04-10T17:00", "", "2013-03-20T08:00"),
]


def make_delivered(config: Settings) -> None:
    """The two senders, and what both sent on DAY: three dossiers and ten civil servants each."""
    make_province(config)
    for sender in ("so-mot", "so-hai"):
        send_dossiers(config, DAY, ROWS, sender)
        send_staff(config, DAY, 10, sender)


def make_province(config: Settings, prefix: str = "X01", required: str = "true") -> None:
    """Reference data and two senders, so-mot and so-hai."""
    write_reference(config.province, prefix=prefix)
    for number, name in ((1, "so-mot"), (2, "so-hai")):
        text = SOURCES.format(unit=f"{prefix}.0{number}", folder=name, required=required)
        (config.province / f"sources/{name}.yaml").write_text(text, encoding="utf-8")


def send_dossiers(config: Settings, day: str, rows: Iterable[tuple], sender: str = "so-mot", name: str = "dossier") -> Path:
    """Rows (code, received, due, finished, updated) of the sender's own unit, arrived on `day`."""
    unit = _unit(config, sender)
    path = config.inbox_path / sender / day / f"{name}.csv"
    write_csv(
        path,
        DOSSIER,
        [[unit, code, "online", received, due, finished, updated, "Nguyễn Văn Mật"] for code, received, due, finished, updated in rows],
    )
    return path


def send_staff(config: Settings, day: str, people: int, sender: str = "so-mot") -> Path:
    """A register of `people` civil servants, arrived on `day`."""
    path = config.inbox_path / sender / day / "staff.csv"
    write_csv(path, STAFF, [[_unit(config, sender), f"ID{n}", f"Trần Thị Mật {n}", "civil_servant", "2010-01-01"] for n in range(people)])
    return path


def ingest(config: Settings, day: str) -> list[IngestResult]:
    """Load reference data and take in what had arrived by the end of `day`."""
    load_reference(config)
    return ingest_all(config, parse_as_of(day))


def night(config: Settings, day: str) -> NightResult:
    """Intake and night as of the end of `day`."""
    ingest(config, day)
    return run_night(config, parse_as_of(day))


def _unit(config: Settings, sender: str) -> str:
    text = (config.province / f"sources/{sender}.yaml").read_text(encoding="utf-8")
    return text.split("\n", 1)[0].removeprefix("sender: ")

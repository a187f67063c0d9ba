"""Generates the benchmark's province: 40 agencies, one CSV of dossiers each, seeded."""

from pathlib import Path

import numpy as np
import pandas as pd

FILES = 40
SEED = 20131231
HEADER = ["Mã cơ quan", "Mã hồ sơ", "Mã thủ tục", "Hình thức nộp", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày có kết quả",
          "Phí lệ phí phải thu", "Phí lệ phí đã thu", "Người nộp", "Cập nhật lúc"]  # fmt: skip
SOURCE = """\
sender: B.{number}
synthetic: true
sources:
  dossiers:
    feed: dossier_log
    every: month
    due_precision: time
    connect: {{kind: file_drop, glob: "b{number}/*/*.csv", arrived: "([0-9-]{{10}}T[0-9]{{4}})"}}
    read: {{kind: csv}}
"""
CHANNELS = np.array(["online", "desk", "post"])


def write_dossiers(inbox: Path, rows: int) -> list[Path]:
    """The first full load: `rows` dossiers over two years in 40 files."""
    return [_write(inbox / f"b{number:02d}/2013-12-31T1700/full.csv", _dossiers(number, rows // FILES)) for number in range(FILES)]


def write_changes(inbox: Path, rows: int, share: float, day: str) -> list[Path]:
    """One file an agency, sent on `day`, with a spread `share` of its dossiers: half of them changed, half new.

    The changed ones have finished by the day before; in every fourth file one row is refused (a negative fee).
    """
    paths = []
    for number in range(FILES):
        frame = _dossiers(number, rows // FILES)
        chosen = frame.iloc[:: int(2 / share)].copy()
        chosen["Ngày có kết quả"] = np.minimum(chosen["Ngày hẹn trả"], f"{day}T00:00:00")  # ISO texts sort as instants
        fresh = chosen.copy()
        fresh["Mã hồ sơ"] = fresh["Mã hồ sơ"] + f"-{day}"
        both = pd.concat([chosen, fresh])
        both["Cập nhật lúc"] = f"{day}T08:00:00"
        if number % 4 == 0:
            both.iloc[0, HEADER.index("Phí lệ phí đã thu")] = -1
        paths.append(_write(inbox / f"b{number:02d}/{day}T0900/changes.csv", both))
    return paths


def _dossiers(number: int, rows: int) -> pd.DataFrame:
    random = np.random.default_rng([SEED, number])
    received = pd.Timestamp("2012-01-01") + pd.to_timedelta(np.sort(random.integers(0, 730 * 1440, rows)), unit="m")
    due = received + pd.to_timedelta(random.integers(1, 30, rows), unit="D")
    finished = received + pd.to_timedelta(random.integers(60, 35 * 1440, rows), unit="m")
    fee = random.integers(0, 100, rows) * 1000
    stamp = "%Y-%m-%dT%H:%M:%S"
    code = [f"{day}-{place:06d}" for place, day in enumerate(received.strftime("%y%m%d"))]
    columns = [f"B.{number:02d}", code, "1.000894.000.00.00.H38", CHANNELS[random.integers(0, 3, rows)], received.strftime(stamp),
               due.strftime(stamp), np.where(finished < pd.Timestamp("2013-12-31"), finished.strftime(stamp), ""), fee,
               np.where(random.random(rows) < 0.98, fee, 0), "Nguyễn Văn A", received.strftime(stamp)]  # fmt: skip
    return pd.DataFrame(dict(zip(HEADER, columns, strict=True)))


def _write(path: Path, frame: pd.DataFrame) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.to_csv(path, index=False)
    return path


def write_province(folder: Path) -> None:
    """Reference data and source YAMLs of the 40 agencies."""
    write_reference(folder)
    (folder / "sources").mkdir(exist_ok=True)
    for number in range(FILES):
        (folder / f"sources/b{number:02d}.yaml").write_text(SOURCE.format(number=f"{number:02d}"))


def write_reference(folder: Path, agencies: int = FILES) -> None:
    """The reference data of a province of so many agencies, B.00 and following."""
    reference = folder / "reference"
    reference.mkdir(parents=True, exist_ok=True)
    days = pd.date_range("2011-01-01", "2015-12-31")
    frames = {
        "unit": _units(agencies),
        "calendar_day": pd.DataFrame({"day": days.date, "is_working": np.where(days.weekday < 5, "true", "false")}).assign(source="bench"),
        "period": _periods(),
        "setting": pd.DataFrame([["synthetic", "true"], ["province_name_vi", "Đo tốc độ"]], columns=["name", "value"]),
    }
    empty = {"directive": "directive,title_vi,valid_from", "grade": "framework,version,block,grade_vi,lower_bound",
             "obligation": "obligation,directive,clause,duty_vi,measure,applies_to,target_kind,periods,valid_from",
             "criterion": "framework,version,code,title_vi,points,block,year_from,constructed",
             "contact": "role,name_vi,email", "known_issue": "what,owner,until,reason",
             "user_scope": "agency_code,user_name,role,valid_from",
             "delivery_calendar": "feed,period_kind,applies_to,due_working_days,accept_working_days,valid_from,constructed,source",
             "delivery_exception": "agency_code,feed,period_code,kind,until,decided_by,reason"}  # fmt: skip
    for name, frame in frames.items():
        frame.to_csv(reference / f"{name}.csv", index=False)
    for name, header in empty.items():
        (reference / f"{name}.csv").write_text(header + "\n")


def _units(agencies: int) -> pd.DataFrame:
    rows = [["B", "Tỉnh đo", "province", "province", "", "", 0]]
    rows += [[f"B.{n:02d}", f"Sở {n}", "department", "province", "department", "B", n + 1] for n in range(agencies)]
    frame = pd.DataFrame(rows, columns=["agency_code", "name_vi", "kind", "level", "block", "parent_code", "sort_rank"])
    return frame.assign(valid_from="2000-01-01", source="bench")


def _periods() -> pd.DataFrame:
    rows = []
    for year in (2012, 2013, 2014):  # nights are of January 2014
        spans = [(f"{year}-{m:02d}", "month", m, m) for m in range(1, 13)] + [(str(year), "year", 1, 12)]
        spans += [(f"{year}-Q{q}", "quarter", 3 * q - 2, 3 * q) for q in range(1, 5)]
        for code, kind, first, last in spans:
            end = pd.Timestamp(year, last, 1) + pd.offsets.MonthEnd(0)
            rows.append([code, kind, "bench", f"{year}-{first:02d}-01", end.date(), (end + pd.Timedelta(days=6)).date()])
    return pd.DataFrame(rows, columns=["period_code", "kind", "regime", "starts_on", "ends_on", "due_on"])

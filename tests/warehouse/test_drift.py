"""A file whose form differs from the delivery before: named to its sender, held or told, by contract."""

import pyarrow as pa
import pytest
from openpyxl import Workbook, load_workbook

from cchc.clock import parse_as_of
from cchc.intake.shape import look_of
from cchc.intake.slips import slip_path
from cchc.night.cut import take_cut
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from province import write_csv, write_reference
from small_night import ingest

HEADER = ["Mã cơ quan", "Mã hồ sơ", "Hình thức nộp", "Ngày tiếp nhận", "Ngày hẹn trả", "Phí lệ phí phải thu", "Ghi chú"]
DAYS = [f"{day:02d}/01/2013 08:00" for day in range(10, 26)]
CHANGES = {
    "lost": "không còn cột 'Hình thức nộp'",
    "new": "có cột mới 'Địa chỉ'",
    "renamed": "cột 'Ghi chú' không còn, cột mới 'Ghi chú thêm' có thể là tên mới của cột này",
    "type": "cột 'Mã hồ sơ' trước ghi dạng số nguyên, nay ghi dạng chữ",
    "sheet": "trang tính 'Tháng 1' nay là 'Trang khác'",
    "quiet": None,
    "same": None,
    "flipped": "cột 'Ngày tiếp nhận' được khai báo dạng ngày/tháng/năm, tệp ghi dạng tháng/ngày/năm",
    "marks": "cột 'Phí lệ phí phải thu' được khai báo dạng 1,234.5, tệp ghi dạng 1.234,5",
}
HELD = {"flipped", "marks"}
SOURCE = """\
  {name}:
    feed: dossier_log
    every: month
    due_precision: time
    connect: {{kind: file_drop, glob: "{name}/*/*", arrived: "([0-9-]{{10}})"}}
    read: {{kind: {kind}}}
    instants: "%d/%m/%Y %H:%M"
"""


def rows(number: int, days: list[str] = DAYS, fee: str = "12.5") -> list[list[str]]:
    return [["X01.01", f"{number}{place:04d}", "online", day, "31/01/2013 17:00", fee, ""] for place, day in enumerate(days)]


def changed(name: str) -> tuple[list[str], list[list[str]]]:
    """The second delivery of each source, a month later."""
    header, table = list(HEADER), rows(2)
    match name:
        case "lost":
            header, table = [h for h in header if h != "Hình thức nộp"], [row[:2] + row[3:] for row in table]
        case "new" | "quiet":
            header, table = [*header, "Địa chỉ"], [[*row, "x"] for row in table]
        case "renamed":
            header[-1] = "Ghi chú thêm"
        case "type":
            table = [[row[0], f"HS-{row[1]}", *row[2:]] for row in table]
        case "flipped":  # ten days that read both ways, and six that give it away
            table = rows(2, [f"01/{day:02d}/2012 08:00" for day in range(3, 19)])
        case "marks":
            table = [*rows(2, fee="1,234")[:14], *rows(3, fee="12,5")[:2]]  # fourteen fractions that read as thousands
        case "same":  # another order of columns, other case and accents are no other form
            header, table = [h.upper() for h in reversed(header)], [row[::-1] for row in table]
    return header, table


def write(config: Settings, name: str, day: str, header: list[str], table: list[list[str]], sheet: str = "Tháng 1") -> None:
    if name != "sheet":
        return write_csv(config.inbox_path / name / day / "log.csv", header, table)
    book = Workbook()
    book.active.title = sheet
    for row in (header, *table):
        book.active.append(row)
    path = config.inbox_path / name / day / "log.xlsx"
    path.parent.mkdir(parents=True)
    book.save(path)
    return None


@pytest.fixture
def drifted(config: Settings) -> Settings:
    """A source for each change, its second delivery taken in and judged by a night's cut."""
    write_reference(config.province)
    sources = "".join(SOURCE.format(name=name, kind="xlsx" if name == "sheet" else "csv") for name in CHANGES)
    sources = sources.replace("  quiet:\n", '  quiet:\n    drift: {new_column: "off"}\n')
    (config.province / "sources/so-mot.yaml").write_text(f"sender: X01.01\nsynthetic: true\nsources:\n{sources}", encoding="utf-8")
    for name in CHANGES:
        write(config, name, "2013-01-31", HEADER, rows(1))
        write(config, name, "2013-02-28", *changed(name), sheet="Trang khác")
    assert [result.failures for result in ingest(config, "2013-02-28")] == [{}]
    take_cut(config, parse_as_of("2013-02-28"))
    return config


def test_every_change_is_named_and_what_changes_values_is_held(drifted: Settings) -> None:
    with connect("cchc_loader") as connection:
        found = connection.execute(
            """select split_part(source_id, '/', 3), delivery_id, status, coalesce(reason_rule, ''), coalesce(reason, '')
               from ops.delivery order by arrived_at, delivery_id"""
        ).fetchall()
        warned = dict(
            connection.execute("select subject, severity || ' ' || message_vi from ops.suite_result where expectation like 'drift%'")
        )
    first, second = found[: len(CHANGES)], {row[0]: row[1:] for row in found[len(CHANGES) :]}
    assert {row[2:] for row in first} == {("accepted", "", "")}, "nothing is other than before the first time"
    for name, told in CHANGES.items():
        number, status, rule, reason = second[name]
        assert status == ("held" if name in HELD else "accepted"), (name, rule, reason)
        if told is None:
            assert (rule, reason) == ("", "") and str(number) not in warned
            continue
        assert told in reason and reason.count(";") == 0, reason
        assert rule == ("drift_blocking" if name in HELD else "drift")
        if name not in HELD:
            assert warned[str(number)] == f"warning {reason}", "what the data notes print"
        letter = load_workbook(slip_path(drifted, "so-mot", number))["Phiếu trả lại"]
        assert told in "".join(str(row[1]) for row in letter.iter_rows(values_only=True)), "the slip says it too"


@pytest.mark.parametrize(
    ("kind", "cells", "look"),
    [
        ("date", ["01/02/2013", "03/04/2013"], None), ("date", ["01/02/2013", "13/02/2013"], "day_first"),
        ("instant", ["02/13/2013 08:00", "02/01/2013 09:00"], "month_first"), ("date", ["02/13/2013", "13/02/2013"], None),
        ("date", ["2013-02-13", "2013-02-14"], "iso"), ("date", ["41000", "41001.5"], "serial"),
        ("amount", ["1.234", "5.678"], None), ("amount", ["1.234", "5.678,9"], "comma"), ("amount", ["1,234", "0.5"], "point"),
        ("amount", ["1.234.567"], "comma"), ("amount", ["0,5", "0.5"], None), ("integer", ["1", "2"], "whole"),
        ("amount", ["x", "y"], "text"),
        ("code", ["1", "2"], "whole"), ("code", ["A-1", "B-2"], "text"), ("unit", ["1"], None),
    ],
)  # fmt: skip
def test_a_look_is_told_only_where_the_cells_tell_it(kind: str, cells: list[str], look: str | None) -> None:
    assert look_of(pa.array(cells), kind) == look

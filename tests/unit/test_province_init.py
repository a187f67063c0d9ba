"""A province folder from a workbook: complete, equal to what the demonstration was made with, told by row and column."""

import csv
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from cchc.errors import ConfigError
from cchc.intake.reference import TABLES
from cchc.province.calendar import Calendar
from cchc.province.init import Wanted, init_province
from cchc.province.obligations import duties_of
from cchc.province.periods import period_rows
from cchc.province.tables import read_table, template
from cchc.province.units import COLUMNS
from house import PROJECT

CATALOGUE = PROJECT / "dbt_project/seeds/measure.csv"
SON_LA = PROJECT / "dags/provinces/son-la/reference"
UNITS = [
    ["X01", "Ủy ban nhân dân tỉnh Thử", "tỉnh", "tỉnh", "", "", "01/01/2004"],
    ["X01.01", "Sở Một", "sở", "tỉnh", "department", "X01", "01/01/2004"],
    ["X01.30", "Huyện Ba", "huyện", "huyện", "district", "X01", "2004-01-01"],
    ["X01.30.01", "Xã Ba Một", "xã", "xã", "", "X01.30", "01/01/2004"],
]


def workbook(path: Path, rows: list[list[str]]) -> Path:
    book = xlsxwriter.Workbook(path, {"strings_to_numbers": False, "strings_to_formulas": False})
    sheet = book.add_worksheet("Đơn vị")
    for line, row in enumerate([list(COLUMNS.values()), *rows]):
        sheet.write_row(line, 0, row)
    book.close()
    return path


def wanted(units: Path, *directives: str) -> Wanted:
    return Wanted("X01", "Thử", units, range(2025, 2028), date(2027, 1, 1), list(directives), CATALOGUE, ("Trực", "truc@example.invalid"))


def changed(place: tuple[int, int], value: str) -> list[list[str]]:
    rows = [list(row) for row in UNITS]
    rows[place[0]][place[1]] = value
    return rows


def test_the_folder_is_complete_and_says_that_it_is_real(tmp_path: Path) -> None:
    made = init_province(tmp_path / "tinh-thu", wanted(workbook(tmp_path / "u.xlsx", UNITS), "LA"))
    assert sorted(path.stem for path in made.files) == sorted(TABLES)
    tables = {path.stem: read_table(path)[1] for path in made.files}
    assert all(path.is_file() for path in made.files)
    assert {row["name"]: row["value"] for row in tables["setting"]}["synthetic"] == "false"
    assert all(row["source"] for name in ("unit", "calendar_day") for row in tables[name])
    assert all(row["constructed"] == "true" for row in tables["criterion"])
    assert [row["directive"] for row in tables["directive"]] == ["LA"]
    assert {row["directive"] for row in tables["obligation"]} == {"LA"}
    assert [row["valid_from"] for row in tables["unit"]] == ["2004-01-01"] * 4


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    assert init_province(tmp_path / "tinh-thu", wanted(workbook(tmp_path / "u.xlsx", UNITS)), dry_run=True).units == 4
    assert not (tmp_path / "tinh-thu").exists()


def test_a_folder_with_anything_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tinh-thu").mkdir()
    (tmp_path / "tinh-thu/a").touch()
    with pytest.raises(ConfigError, match="not empty"):
        init_province(tmp_path / "tinh-thu", wanted(workbook(tmp_path / "u.xlsx", UNITS)))
    with pytest.raises(ConfigError, match="lao-cai"):
        init_province(tmp_path / "Tỉnh Thử", wanted(tmp_path / "u.xlsx"))


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        ((1, 0), "", "row 3, column 'Mã đơn vị': must not be empty"),
        ((1, 0), "x 1", "row 3, column 'Mã đơn vị': 'x 1' does not look like one"),
        ((3, 0), "X01.30", "row 5, column 'Mã đơn vị': X01.30 stands in row 4 already"),
        ((2, 2), "quận", "row 4, column 'Loại': 'quận' is none of"),
        ((2, 3), "vùng", "row 4, column 'Cấp': 'vùng' is none of"),
        ((2, 4), "Khối A", "row 4, column 'Khối': 'Khối A' does not look like one"),
        ((3, 5), "X01.31", "row 5, column 'Mã đơn vị cấp trên': X01.31 is no unit of the list"),
        ((3, 5), "", "row 5, column 'Mã đơn vị cấp trên': must not be empty"),
        ((3, 5), "X01.30.01", "row 5, column 'Mã đơn vị cấp trên': X01.30.01 comes to stand above itself"),
        ((3, 6), "31/02/2013", "row 5, column 'Hiệu lực từ': '31/02/2013' is no date"),
        ((0, 0), "X02", "row 1, column 'Loại': no row of kind tỉnh has the province's own code X01"),
    ],
)
def test_a_wrong_cell_is_told_by_row_and_column(tmp_path: Path, place: tuple[int, int], value: str, told: str) -> None:
    with pytest.raises(ConfigError) as error:
        init_province(tmp_path / "tinh-thu", wanted(workbook(tmp_path / "u.xlsx", changed(place, value))))
    assert told in str(error.value)
    assert not (tmp_path / "tinh-thu").exists()


def test_a_file_that_is_no_workbook_is_told(tmp_path: Path) -> None:
    (tmp_path / "u.xlsx").write_bytes(b"PK\x03\x04 cut")
    with pytest.raises(ConfigError, match=r"u\.xlsx: Tệp .*hỏng"):
        init_province(tmp_path / "tinh-thu", wanted(tmp_path / "u.xlsx"))


def test_calendar_and_periods_are_those_of_the_demonstration() -> None:
    with open(SON_LA / "calendar_day.csv", encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1:] == Calendar(range(2011, 2028)).rows()
    with open(SON_LA / "period.csv", encoding="utf-8", newline="") as file:
        known = sorted(list(csv.reader(file))[1:])
    assert sorted(row for year in (*range(2011, 2015), *range(2022, 2028)) for row in period_rows([year], Calendar([year]))) == known


def test_all_61_duties_come_with_the_product_and_the_demonstrations_are_among_them() -> None:
    rows = template("obligation")[1]
    assert len({row["obligation"] for row in rows}) == 61
    assert {row["directive"] for row in rows} == {row["directive"] for row in template("directive")[1]}
    kept = {tuple(row.values()) for row in duties_of([row["directive"] for row in template("directive")[1]], CATALOGUE).obligations}
    with open(SON_LA / "obligation.csv", encoding="utf-8", newline="") as file:
        assert {tuple(row) for row in list(csv.reader(file))[1:]} <= kept


def test_only_duties_with_a_measure_are_loaded_and_the_rest_is_counted(tmp_path: Path) -> None:
    small = tmp_path / "measure.csv"
    small.write_text("measure,periods\non_time_rate,month quarter\n", encoding="utf-8")
    duties = duties_of(["LA"], small)
    assert [(row["obligation"], row["periods"]) for row in duties.obligations] == [("DOS-01", "month quarter")]
    assert duties.waiting == duties.bound - {"DOS-01"}
    with pytest.raises(ConfigError, match="no directive XX"):
        duties_of(["XX"], small)

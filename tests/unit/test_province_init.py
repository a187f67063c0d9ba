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
from cchc.province.obligations import duties_of, named_in
from cchc.province.periods import day_rows, period_rows, programme_rows
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


def test_a_duty_that_nothing_measures_yet_is_listed_without_data_and_counted(tmp_path: Path) -> None:
    small = tmp_path / "measure.csv"
    small.write_text("measure,periods\non_time_rate,month quarter\n", encoding="utf-8")
    duties = duties_of(["LA"], small)
    judged = [(row["obligation"], row["periods"]) for row in duties.obligations if row["awaits_measure"] == "false"]
    assert judged == [("DOS-01", "month quarter")]
    assert duties.waiting == duties.bound - {"DOS-01"}
    assert {row["obligation"] for row in duties.obligations} == duties.bound
    with pytest.raises(ConfigError, match="no directive XX"):
        duties_of(["XX"], small)


def test_lists_are_filled_by_name_and_a_name_that_no_unit_has_is_told() -> None:
    """LA names six districts, KT-05 and AG-1319 their lead agencies; the workbook has its own way to write a name."""
    units = [{"agency_code": "A", "name_vi": "Ủy ban nhân dân huyện Đức Hòa"}, {"agency_code": "B", "name_vi": "sở  nội vụ"}]
    duties = named_in(duties_of(["LA", "KT-05"], CATALOGUE), units)
    named = {(row["obligation"], row["directive"], row["agency_code"]) for row in duties.units}
    assert ("ONE-03", "LA", "A") in named
    assert {row[2] for row in named if row[0] == "PLN-04"} == {"B"}
    assert "Sở Tư pháp (PLN-04 of KT-05)" in duties.unnamed
    kept = {(row["obligation"], row["directive"], row["applies_to"]) for row in duties.obligations}
    assert ("FIN-02", "KT-05", "list") not in kept and ("FIN-02", "KT-05", "province") in kept  # the list has nobody to bind
    assert {row["valid_from"] for row in duties.units if row["directive"] == "KT-05"} == {"2013-07-31"}


def test_every_duty_says_whom_it_binds() -> None:
    """Each row of the 61 duties' `applies_to` has a kind, a list with names, or a predicate; a trend says which way."""
    rows = template("obligation")[1]
    words = {
        "province",
        "department",
        "district",
        "agency",
        "list",
        "one_stop",
        "inspected",
        "drafting",
        "entitled",
        "surveyed",
        "verifier",
    }
    assert {row["applies_to"] for row in rows} == words
    lists = {(row["obligation"], row["directive"]) for row in rows if row["applies_to"] == "list"}
    assert lists == {(row["obligation"], row["directive"]) for row in template("obligation_unit")[1]}
    assert all(row["direction"] for row in rows if row["target_kind"] == "trend")
    assert {row["obligation"]: row["target_rule"] for row in rows if row["target_rule"]} == {"PLN-03": "programme_time"}


def test_older_regimes_and_programmes_are_rows_of_a_table() -> None:
    """CV 725 of 2012 as one province ran it (reports.md): quarterly by the 5th of the last month, six months by 05/6, year by 25/11."""
    rows = {row[0]: row for row in period_rows([2012], Calendar([2012]), "cv-725", "as_written")}
    dues = {code: row[5] for code, row in rows.items()}
    assert (dues["2012-05"], dues["2012-Q1"], dues["2012-H1"], dues["2012"]) == ("2012-05-15", "2012-03-05", "2012-06-05", "2012-11-25")
    assert rows["2012-02"][3:5] == ["2012-02-01", "2012-02-29"] and "2012-9M" not in rows
    moved = {row[0]: row[5] for row in period_rows([2012], Calendar([2012]), "cv-725")}
    assert (moved["2012"], moved["2012-Q1"]) == ("2012-11-26", "2012-03-05")  # 25/11/2012 was a Sunday
    assert [row[0] for row in programme_rows(range(2014, 2018), Calendar([2014]))] == ["P2011-2015", "P2016-2020"]
    assert [len(day_rows([year])) for year in (2012, 2013)] == [366, 365]
    with pytest.raises(ConfigError, match="cv-999"):
        period_rows([2012], Calendar([2012]), "cv-999")


@pytest.mark.parametrize(
    ("end", "due", "moved"),
    [("2013-12-31", "2014-01-06", "2014-01-06"), ("2022-03-14", "2022-03-20", "2022-03-21"), ("2013-08-30", "2013-09-01", "2013-09-04"),
     ("2012-03-31", "2012-03-04", "2012-03-05")],
)  # fmt: skip
def test_a_deadline_moves_over_days_off_and_leaves_a_working_day(end: str, due: str, moved: str) -> None:
    """2/9/2013 is a holiday: the 3rd lies between, so the 4th is the first that can be a deadline."""
    assert Calendar([2012, 2013, 2022]).deadline(date.fromisoformat(end), date.fromisoformat(due)).isoformat() == moved

"""Every feed's example file through intake, cut and staging; versions side by side; whom a row may speak of."""

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cchc.cli.app import app
from cchc.clock import parse_as_of
from cchc.contracts import contract, feeds, versions
from cchc.contracts.examples import example_csv
from cchc.intake.run import ingest_sender
from cchc.night.cut import take_cut
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from province import write_csv, write_reference
from small_night import ingest, make_province, night, send_dossiers, send_staff

DAY, LATER = "2013-03-31", "2013-04-30"
SOURCE = """\
  {name}:
    feed: {feed}
    contract: {version}
    every: month
    connect: {{kind: file_drop, glob: "{folder}/*/{name}.csv", arrived: "([0-9-]{{10}})"}}
    read: {{kind: csv}}
"""


def sender(config: Settings, folder: str, unit: str, sources: list[tuple[str, str, int]]) -> Path:
    """A sender with sources (name, feed, version)."""
    path = config.province / f"sources/{folder}.yaml"
    text = "".join(SOURCE.format(name=name, feed=feed, version=version, folder=folder) for name, feed, version in sources)
    path.write_text(f"sender: {unit}\nsynthetic: true\nsources:\n{text}", encoding="utf-8")
    return path


def drop(config: Settings, folder: str, name: str, text: str, day: str = DAY) -> None:
    path = config.inbox_path / folder / day / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def rows(query: str, role: str = "cchc_transformer") -> list[tuple]:
    with connect(role) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture
def province(config: Settings) -> Settings:
    write_reference(config.province)
    return config


def test_every_feed_goes_from_a_file_to_its_fact(province: Settings) -> None:
    make_province(province)
    for name in ("so-mot", "so-hai"):
        send_dossiers(province, DAY, [("A-1", "2013-03-01T08:00", "2013-03-10T17:00", "2013-03-05T10:00", "")], sender=name)
        send_staff(province, DAY, 5, sender=name)
    sender(province, "tinh", "X01", [(feed, feed, contract(feed).version) for feed in feeds()])
    for feed in feeds():
        drop(province, "tinh", feed, example_csv(contract(feed)))
    result = night(province, DAY)
    assert result.release_id
    found = rows("select feed, status, rows_read, rows_accepted, rows_quarantined from ops.delivery where source_id like '%/tinh/%'")
    assert sorted(found) == [(feed, "accepted", 2, 2, 0) for feed in feeds()]
    schema = province.province.name.replace("-", "_") + "_facts"
    of_others, called = {"staff": 10, "dossier_log": 2}, {"dossier_log": "dossier", "procedure_catalogue": "procedure"}
    for feed in feeds():
        counted = rows(f"select count(*) from {schema}.fct_{called.get(feed, feed)}")[0][0]
        assert counted == 2 + of_others.get(feed, 0), feed
    columns = rows(f"select table_name, column_name from information_schema.columns where table_schema = '{schema}'")
    assert {("fct_survey_response", "sector"), ("fct_staff", "rank_fits"), ("fct_plan_task", "resources")} <= set(columns)


def test_two_versions_of_a_feed_stand_side_by_side(province: Settings) -> None:
    """Each delivery is read and judged by the version its source named when it came."""
    old, new = versions("staff")
    path = sender(province, "so-mot", "X01.01", [("staff", "staff", 1)])
    header = ["Mã cơ quan", "Số hiệu cán bộ", "Loại", "Ngày vào vị trí", "Trình độ"]
    words = ["university"] * 5 + ["đại học lớn"]
    body = [["X01.01", f"CC-{n}", "civil_servant", "2010-01-01", word] for n, word in enumerate(words)]
    write_csv(province.inbox_path / "so-mot" / DAY / "staff.csv", header, body)
    ingest(province, DAY)
    path.write_text(path.read_text().replace("contract: 1", "contract: 2"))
    write_csv(
        province.inbox_path / "so-mot" / LATER / "staff.csv", header, [*body, ["X01.01", "CC-9", "civil_servant", "2010-01-01", "master"]]
    )
    ingest(province, LATER)
    assert rows("select contract_version, status, rows_accepted, rows_quarantined from ops.delivery order by delivery_id") == [
        (old.version, "accepted", 6, 0), (new.version, "accepted", 6, 1),
    ]  # fmt: skip
    assert rows("select qualification, count(*) from accepted.staff group by 1 order by 1") == [("master", 1), ("university", 5), (None, 6)]
    take_cut(province, parse_as_of(LATER))
    assert {row[0] for row in rows("select suite from ops.suite_result")} == {"staff@1", "staff@2"}
    assert rows("select in_force from ops.cut_delivery order by delivery_id") == [(False,), (True,)]


def test_a_row_speaks_of_the_senders_units_or_of_its_province(province: Settings) -> None:
    with (province.province / "reference/unit.csv").open("a", encoding="utf-8") as file:
        file.write("Y01,Tỉnh Khác,province,province,,,99,2000-01-01,test\n")
    with connect("cchc_owner") as connection:
        ingest(province, DAY)
        connection.execute("update reference.unit set province = 'khac' where agency_code = 'Y01'")
    own, everyone = contract("communication"), contract("inspection")
    assert (own.scope, everyone.scope) == ("own", "province")
    names = [(own.feed, own.feed, 1), (everyone.feed, everyone.feed, 1)]
    path = sender(province, "so-mot", "X01.01", names)
    for agreed in (own, everyone):
        header, _, least = csv.reader(io.StringIO(example_csv(agreed)))
        sink = io.StringIO()
        csv.writer(sink).writerows([header, *([unit, *least[1:]] for unit in ("X01.01", "X01.02", "X01.30.01", "Y01", "Z01"))])
        drop(province, "so-mot", agreed.feed, sink.getvalue())
    assert ingest_sender(province, path, parse_as_of(DAY)).failures == {}
    found = rows("select feed, line, rule from quarantine.row join ops.delivery using (delivery_id) order by feed, line", "cchc_loader")
    assert found == [
        ("communication", 3, "foreign_unit"), ("communication", 4, "foreign_unit"), ("communication", 5, "foreign_unit"),
        ("communication", 6, "unknown_unit"), ("inspection", 5, "foreign_unit"), ("inspection", 6, "unknown_unit"),
    ]  # fmt: skip


def test_points_money_and_dates_keep_every_digit(province: Settings) -> None:
    sender(province, "so-mot", "X01.01", [("points", "self_assessment", 1)])
    header = ["Mã cơ quan", "Năm đánh giá", "Bộ chỉ số", "Mã tiêu chí", "Điểm tự đánh giá"]
    cells = ["0.1", "1.2345", "999.9999", "1.23456", "NaN", "1e2", "-0.25"]
    write_csv(
        province.inbox_path / "so-mot" / DAY / "points.csv", header, [["X01.01", "2013", "A", str(n), cell] for n, cell in enumerate(cells)]
    )
    ingest(province, DAY)
    assert [str(row[0]) for row in rows("select points from accepted.self_assessment order by criterion")] == [
        "0.1000", "1.2345", "999.9999", "-0.2500",
    ]  # fmt: skip
    assert rows("select line, rule from quarantine.row order by line", "cchc_loader") == [
        (5, "bad_number"),
        (6, "bad_number"),
        (7, "bad_number"),
    ]


def test_the_exports_are_printed(province: Settings) -> None:
    told = CliRunner().invoke(app, ["contract", "export", "staff", "--format", "table-schema", "--version", "1"])
    assert told.exit_code == 0 and json.loads(told.stdout)["version"] == "1.0.0"
    assert CliRunner().invoke(app, ["contract", "export", "staff", "--format", "xml"]).exit_code == 2

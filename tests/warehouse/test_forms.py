"""Forms that change over the years: one source, each file read by the form of its period."""

import pytest
from pydantic import ValidationError

from cchc.clock import parse_as_of
from cchc.connectors.sources import Source
from cchc.errors import ConfigError
from cchc.intake.form import formed
from cchc.readers import Refusal
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from province import write_csv, write_reference
from small_night import ingest

SENDER = """\
sender: X01.01
synthetic: true
sources:
  dossiers:
    feed: dossier_log
    every: quarter
    connect: {kind: file_drop, glob: "*.csv", arrived: "_([0-9-]{10})"}
    read: {kind: csv}
    columns: {received_at: "Ngày nhận"}
    instants: "%Y-%m-%d"
    values: {channel: {"Mạng": online}}
    period_in_name: "hs-([0-9Q-]+)_"
    columns_by_period:
      - {valid_from: 2011-01-01, valid_to: 2012-01-01, columns: {received_at: "Tiếp nhận", dossier_code: "Số hồ sơ"}, instants: "%d/%m/%Y"}
      - {valid_from: 2012-01-01, valid_to: 2013-01-01, columns: {received_at: "Nhận ngày"}, instants: "%m/%d/%Y",
         values: {channel: {"Quầy": desk}}, read: {kind: csv, header_row: 2}}
"""
FILES = {
    "hs-2011-Q4_2013-01-31": [["Mã cơ quan", "Số hồ sơ", "Tiếp nhận"], ["X01.01", "A", "02/03/2011"]],
    "hs-2012_2013-01-31": [["Mẫu năm 2012"], ["Mã cơ quan", "Mã hồ sơ", "Nhận ngày", "Hình thức nộp"],
                           ["X01.01", "B", "02/03/2012", "Quầy"], ["X01.01", "C", "02/03/2012", "Mạng"]],
    "hs-2013-Q1_2013-01-31": [["Mã cơ quan", "Mã hồ sơ", "Ngày nhận", "Hình thức nộp"], ["X01.01", "D", "2013-01-02", "Mạng"]],
    "hs-Q1-2013_2013-01-31": [["Mã cơ quan", "Mã hồ sơ", "Ngày nhận"], ["X01.01", "E", "2013-01-02"]],
}  # fmt: skip
BASE = {"feed": "dossier_log", "every": "month", "connect": {"kind": "file_drop", "glob": "x"}, "read": {"kind": "csv"}}


def test_each_file_is_read_by_the_form_of_its_period(config: Settings) -> None:
    write_reference(config.province)
    (config.province / "sources/so-mot.yaml").write_text(SENDER, encoding="utf-8")
    for name, (header, *rows) in FILES.items():
        write_csv(config.inbox_path / f"{name}.csv", header, rows)
    assert ingest(config, "2013-01-31")[0].failures == {}
    with connect("cchc_loader") as connection:
        rows = connection.execute("select dossier_code, received_at::date::text, channel from accepted.dossier_log order by 1").fetchall()
        refused = connection.execute("select name, reason_rule, reason from ops.delivery where status <> 'accepted'").fetchall()
        told = connection.execute("select count(*) from ops.delivery where reason_rule like 'drift%'").fetchone()
    assert rows == [
        ("A", "2011-03-02", None), ("B", "2012-02-03", "desk"), ("C", "2012-02-03", "online"), ("D", "2013-01-02", "online"),
    ]  # fmt: skip
    assert [(name, rule) for name, rule, _ in refused] == [("hs-Q1-2013_2013-01-31.csv", "unknown_period")]
    assert "Đề nghị đặt tên tệp có kỳ báo cáo" in refused[0][2]
    assert told == (0,), "a declared change of form is no drift"


@pytest.mark.parametrize(
    ("forms", "said"),
    [
        ([{"valid_from": "2012-01-01"}, {"valid_from": "2013-01-01"}], "overlap.*`valid_to: 2013-01-01`"),
        ([{"valid_from": "2012-01-01", "valid_to": "2012-01-01"}], "comes after valid_from"),
        ([{"valid_from": "2012-01-01", "columns": {"due_on": "x"}}], r"\['due_on'\] are not in the contract"),
        ([{"valid_from": "31/12/2012"}], "valid_from"),
    ],
)  # fmt: skip
def test_a_wrong_span_is_an_error_that_says_what_to_write(forms: list[dict], said: str) -> None:
    with pytest.raises((ValidationError, ConfigError), match=said):
        Source.model_validate(BASE | {"columns_by_period": forms})


def test_a_pattern_without_forms_or_group_is_an_error() -> None:
    for more in ({}, {"columns_by_period": [{"valid_from": "2012-01-01"}]}):
        with pytest.raises(ValidationError, match="exactly one group"):
            Source.model_validate(BASE | more | {"period_in_name": "x"})


@pytest.mark.parametrize(
    ("name", "column"),
    [("a-2011.csv", "old"), ("a-2012-H2.csv", "old"), ("a-2013-Q1.csv", None), ("a-2012-12-31.csv", "old"), ("a-201301.csv", None)],
)
def test_the_first_day_of_a_period_decides(name: str, column: str | None) -> None:
    forms = {"columns_by_period": [{"valid_from": "2011-01-01", "valid_to": "2013-01-01", "columns": {"due_at": "old"}}]}
    named = Source.model_validate(BASE | forms | {"period_in_name": r"a-([\dQH-]+)\."})
    assert formed(named, f"folder/{name}", parse_as_of("2020-01-01")).columns.get("due_at") == column


def test_without_a_period_in_its_name_a_file_is_of_the_day_it_came() -> None:
    forms = {"columns_by_period": [{"valid_from": "2013-01-01", "columns": {"due_at": "new"}}]}
    source = Source.model_validate(BASE | forms)
    assert formed(source, "a.csv", parse_as_of("2012-12-31")).columns == {}
    assert formed(source, "a.csv", parse_as_of("2013-01-01")).columns == {"due_at": "new"}
    with pytest.raises(Refusal, match="unknown_period"):
        formed(Source.model_validate(BASE | forms | {"period_in_name": r"(\d+)"}), "a.csv", parse_as_of("2013-01-01"))

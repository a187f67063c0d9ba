"""The compliance mart over one night of a hand-made province: sixty and more cases by hand, the five directives clause by clause."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

import compliance_province as made
from cchc.cli.compliance import list_compliance
from cchc.clock import parse_as_of
from cchc.errors import DataError
from cchc.intake.reference import load_reference
from cchc.intake.run import ingest_all
from cchc.night.run import run_night
from cchc.release.verify import _changed_partitions, verify_release
from cchc.reports.compliance_list import FIELDS, ComplianceList
from cchc.settings import Settings
from cchc.warehouse.connect import admin_url, connect
from house import installation

AS_OF = "2016-12-15"
STATUSES = {"met", "not_met", "not_due", "not_applicable", "no_data", "information"}
UNITS = {"P": made.P, "NV": made.NV, "TC": made.TC, "TP": made.TP, "DH": made.DH, "XA": made.XA}
with open(Path(__file__).with_name("compliance_cases.csv"), encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file))
Rows = dict[tuple[str, str, str, str, str], dict[str, Any]]


@pytest.fixture(scope="module")
def five(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A province that all five directives bind, after one night."""
    folder = tmp_path_factory.mktemp("five")
    (folder / "thu-nghiem/sources").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch, installation(server, folder, folder / "thu-nghiem", patch) as config:
        made.make_province(config)
        load_reference(config)
        assert [result.failures for result in ingest_all(config, parse_as_of(AS_OF))] == [{}, {}]
        with connect("cchc_loader") as connection:
            assert connection.execute("select count(*), sum(rows_quarantined) from ops.delivery").fetchone() == (7, 0)
        run_night(config, parse_as_of(AS_OF))
        yield config


@pytest.fixture(scope="module")
def mart(five: Settings) -> Rows:
    """The release's rows by unit, obligation, directive, measure and period."""
    with connect("cchc_reader") as connection, connection.cursor() as cursor:
        cursor.execute("select * from release.compliance")
        names = [column.name for column in cursor.description or ()]
        found = [dict(zip(names, row, strict=True)) for row in cursor]
    return {(r["agency_code"], r["obligation"], r["directive"], r["measure"], r["period_code"]): r for r in found}


@pytest.mark.parametrize("case", CASES, ids=lambda c: "-".join([c["unit"], c["obligation"], c["directive"], c["measure"], c["period"]]))
def test_the_case_is_the_hand_computed_one(mart: Rows, case: dict[str, str]) -> None:
    row = mart[UNITS[case["unit"]], case["obligation"], case["directive"], case["measure"], case["period"]]
    assert row["status"] == case["status"], case["why"]
    for name, told in (("value", "value"), ("target", "target"), ("previous_value", "previous")):
        assert _close(row[name], case[told]), (name, row[name])
    assert (row["first_broken_on"], row["first_broken_by"] or "") == (_day(case["first_broken_on"]), case["first_broken_by"])


def test_there_are_sixty_cases_and_three_of_every_status() -> None:
    count = Counter(case["status"] for case in CASES)
    assert sum(count.values()) >= 60
    assert set(count) == STATUSES
    assert min(count.values()) >= 3


def _close(value: Decimal | None, told: str) -> bool:
    return (value is None) == (told == "") and (value is None or abs(value - Decimal(told)) < Decimal("1e-9"))


def _day(told: str) -> date | None:
    return date.fromisoformat(told) if told else None


def test_no_data_is_never_a_value_and_a_broken_duty_has_a_day(mart: Rows) -> None:
    assert {row["value"] for row in mart.values() if row["status"] == "no_data"} == {None}
    assert all((row["first_broken_on"] is None) == (row["status"] != "not_met") for row in mart.values())
    for row in mart.values():
        if row["value"] is not None and row["previous_value"] is not None:
            assert row["change"] == row["value"] - row["previous_value"]


def test_whom_lists_blocks_and_predicates_bind(mart: Rows) -> None:
    bound = {(unit, obligation, period) for unit, obligation, directive, _, period in mart if directive == "TN"}
    assert {key for key in bound if key[1] == "T-06"} == {(made.TC, "T-06", "2016-Q1"), (made.TC, "T-06", "2016-Q2")} | {
        (made.TC, "T-06", f"2016-{month:02d}") for month in range(1, 7)
    }
    assert {unit for unit, obligation, _ in bound if obligation == "T-07"} == {made.DH}
    inspected = {(unit, period) for unit, obligation, period in bound if obligation == "T-08"}
    assert {unit for unit, _ in inspected} == {made.NV}  # a visit without a finding leaves nothing to mend
    assert min(period for _, period in inspected) == "2016-Q2"
    leads = {unit for unit, obligation, directive, *_ in mart if (obligation, directive) == ("PLN-04", "KT-05")}
    assert leads == {made.NV, made.TC, made.TP}
    assert {unit for unit, obligation, directive, *_ in mart if (obligation, directive) == ("ONE-03", "LA")} == {made.DH}


def test_coverage_is_the_share_of_expected_deliveries(mart: Rows) -> None:
    """Dossiers are expected monthly from July on; the one delivery of 10 December came in time for November only."""
    share = {period: mart[made.NV, "DOS-01", "LA", "on_time_rate", period]["coverage"] for period in ("2016-Q3", "2016-11", "2016-Q2")}
    assert share == {"2016-Q3": 0, "2016-11": 1, "2016-Q2": None}
    assert mart[made.TP, "DOS-01", "LA", "on_time_rate", "2016-11"]["coverage"] == 0
    assert mart[made.P, "STF-07", "SL-152", "headcount", "2016-Q3"]["coverage"] is None  # nobody expects staff here


@pytest.mark.parametrize("directive", made.ALL_FIVE)
def test_a_directive_is_listed_clause_by_clause(five: Settings, directive: str) -> None:
    """Every duty of it that binds anybody here, in the order of its clauses."""
    period = "2016" if directive == "AG-1319" else "2015"
    listed = {period: ComplianceList(five.province.name, period, directive=directive) for period in (period, "2016-Q3", "2016-Q4")}
    rows = [row for one in listed.values() for row in one.rows]
    ranks = [row.clause_rank for row in listed[period].rows]
    assert ranks == sorted(ranks) and len(set(ranks)) > 3
    assert {row.directive for row in rows} == {directive}
    nobody = {"LEG-01", "ORG-02", "SUR-03", "INS-02"}  # bind by a predicate that holds for nobody here, or only later
    assert made.all_duties()[directive] - {row.obligation for row in rows} <= nobody | {"COM-01", "IDX-03", "SUR-02"}


def test_a_province_is_not_judged_by_what_does_not_bind_it(five: Settings) -> None:
    """The same duties in its folder, but only LA in directive.csv."""
    asked = "select distinct directive from thu_nghiem_compliance.duty_figure order by 1"
    for directives in (["LA"], [*made.ALL_FIVE, "TN"]):
        made.bind(five, directives)
        load_reference(five)
        with connect("cchc_transformer") as connection:
            assert [row[0] for row in connection.execute(asked)] == sorted(directives)


def test_the_order_is_the_directives_own(five: Settings) -> None:
    clauses = list(dict.fromkeys(row.clause for row in ComplianceList(five.province.name, "2015", directive="KT-05").rows))
    assert clauses[:4] == ["§1a", "§1b, §1f", "§1c", "§1d"]
    assert clauses.index("§1đ") > clauses.index("§1d") and clauses.index("§1e, §5a, §5d") > clauses.index("§1đ")
    assert clauses[-1] == "phần cuối"


def test_the_command_lists_in_vietnamese_and_in_json(five: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    list_compliance("2016-Q3", "LA", made.NV, each=False, release=None, as_json=False)
    printed = capsys.readouterr().out
    assert "Điều khoản" in printed and "31/08/2016 (cuối tháng)" in printed and "Chưa đạt" in printed and "Chưa đến hạn" in printed
    assert printed.splitlines()[1].startswith("LA")
    list_compliance("2016-Q3", "LA", None, each=False, release=None, as_json=False)
    (on_time,) = [line for line in capsys.readouterr().out.splitlines() if "DOS-01" in line and "đúng hạn trên" in line]
    assert on_time.split("100 %")[1].split(None, 1) == ["5", "đạt: 2; chưa đạt: 1; không áp dụng: 1; chưa có số liệu: 1"]
    list_compliance("2016-Q3", "LA", made.NV, each=False, release=None, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert set(told[0]) == set(FIELDS) and {row["agency_code"] for row in told} == {made.NV}


def test_what_is_not_there_is_told(five: Settings) -> None:
    with pytest.raises(DataError, match=r"no duty of directive XX in 2016-Q3 \(it knows .*LA"):
        ComplianceList(five.province.name, "2016-Q3", directive="XX")
    with pytest.raises(DataError, match="unit X99"):
        ComplianceList(five.province.name, "2016-Q3", unit="X99")


OLD = """
with rows as (select agency_code, period_code, obligation, directive, clause, measure, target, target_kind, figure, value, status
              from release.compliance where period_code = '2016-Q3' limit 5),
made as (select encode(sha256(convert_to('compliance' || string_agg(row(rows.*)::text, E'\\n' order by row(rows.*)::text collate "C"),
           'UTF8')), 'hex') as hash from rows),
known as (insert into release.partition select hash, 'compliance', '2016-Q3', 5 from made returning partition_id),
kept as (insert into release.compliance (agency_code, period_code, obligation, directive, clause, measure, target, target_kind, figure,
           value, status, partition_id, clause_rank) select rows.*, partition_id, %s from rows cross join known)
select hash from made"""


@pytest.mark.parametrize(("rank", "problems"), [(None, 0), (1, 1)])
def test_a_partition_frozen_before_the_new_columns_holds_and_they_are_empty_in_it(five: Settings, rank: int | None, problems: int) -> None:
    with psycopg.connect(admin_url(five)) as connection:
        old = connection.execute(OLD, (rank,)).fetchone()
        assert len(_changed_partitions(connection, [old[0]])) == problems
        connection.rollback()


def test_the_release_verifies(five: Settings) -> None:
    with connect("cchc_reader") as connection:
        releases = connection.execute("select release_id from release.manifest").fetchall()
    assert [verify_release(five, name) for (name,) in releases] == [[]]

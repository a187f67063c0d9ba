"""The ledger: published tables and an agency's own reports, taken in as deliveries, compared in one night (issue: reconciliation)."""

import json
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from cchc.clock import parse_as_of
from cchc.connectors.sources import sender_files
from cchc.errors import ConfigError, DataError
from cchc.intake.reference import load_reference
from cchc.intake.run import ingest_sender
from cchc.night.run import run_night
from cchc.release.explanations import Line, _record, explain
from cchc.release.verify import verify_release
from cchc.reports.ledger import ledger, line
from cchc.reports.readback import differences
from cchc.reports.rows import ReconciliationRow
from cchc.reports.run import print_report
from cchc.settings import Settings
from cchc.warehouse.connect import admin_url, connect
from house import installation
from published_tables import ARRIVED, make_published_province

CCHC = Path(sys.executable).with_name("cchc")
AS_OF = parse_as_of(ARRIVED)
WRONG = Line("X01.02", "2024-Q1", "reported_figure", "BC-CCHC", "", "resolved_count")
SAID = "Báo cáo tính cả một hồ sơ trả ngày 01/4."


@pytest.fixture(scope="module")
def night(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Everything that is delivered, one explanation given before the night and one after its as-of, and the night."""
    folder = tmp_path_factory.mktemp("ledger")
    with pytest.MonkeyPatch.context() as patch, installation(server, folder, folder / "thu-nghiem", patch) as config:
        make_published_province(config)
        _released(config, sender_files(config))
        yield config


def _released(config: Settings, senders: list[Path]) -> None:
    """Releases everything, its senders taken in one after the other."""
    load_reference(config)
    assert [failure for path in senders for failure in ingest_sender(config, path, AS_OF).failures.values()] == []
    _record("thu-nghiem", WRONG, "Chưa rõ.", "Sở Hai", AS_OF.date().replace(day=29))
    _record("thu-nghiem", WRONG, SAID, "Sở Hai", AS_OF.date())
    _record("thu-nghiem", WRONG, "Về sau.", "Sở Hai", AS_OF.date().replace(year=2025))
    run_night(config, AS_OF)


def lines(check: str, **asked: str) -> dict[str, ReconciliationRow]:
    """The ledger's lines of a comparison, by whom or what they speak of."""
    rows = [row for row in ledger("thu-nghiem", check=check) if all(getattr(row, name) == value for name, value in asked.items())]
    assert len({row.about for row in rows}) == len(rows), f"{check}: name the period or the unit"
    return {row.about: row for row in rows}


def only(check: str, **asked: str) -> ReconciliationRow:
    (row,) = lines(check, **asked).values()
    return row


def values(row: ReconciliationRow) -> tuple[str, str, str, str]:
    """Own, other, difference, verdict, as printed."""
    told = line(row)
    return told[5], told[6], told[7], row.verdict


# ---- Lâm Đồng ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("night")
def test_lam_dong_q1_2024_balances_and_both_rates_are_on_resolved() -> None:
    """dossiers_lam_dong_other.csv, Q1/2024, toàn tỉnh."""
    asked = {"period_code": "2024-Q1", "book": "LAM-DONG"}
    assert values(only("table_balance", **asked)) == ("159.845", "159.845", "0", "agree")
    assert values(only("table_resolved", **asked)) == ("151.295", "151.295", "0", "agree")
    assert values(only("table_pending", **asked)) == ("8.550", "8.550", "0", "agree")
    assert values(only("table_on_time_rate", **asked)) == ("98,33", "98,33", "0,00", "agree")
    assert values(only("table_late_rate", **asked)) == ("1,67", "1,67", "0,00", "agree")


@pytest.mark.usefixtures("night")
def test_lam_dong_6t_2022_communes_recompute_to_98_95_where_98_94_is_printed() -> None:
    found = {about: values(row) for about, row in lines("table_on_time_rate", period_code="2022-H1").items()}
    assert found == {
        "level=province": ("99,68", "99,68", "0,00", "agree"),
        "level=district": ("98,15", "98,15", "0,00", "agree"),
        "level=commune": ("98,95", "98,94", "+0,01", "differs"),
    }


@pytest.mark.usefixtures("night")
def test_lam_dong_6t_2021_department_recomputes_to_98_87_where_98_7_is_printed() -> None:
    assert values(only("table_on_time_rate", period_code="2021-H1")) == ("98,87", "98,70", "+0,17", "differs")
    assert values(only("table_late_rate", period_code="2021-H1")) == ("1,13", "1,30", "-0,17", "differs")
    assert values(only("table_resolved", period_code="2021-H1")) == ("106.014", "106.014", "0", "agree")


@pytest.mark.usefixtures("night")
def test_a_rate_whose_parts_are_not_printed_is_not_judged() -> None:
    """7T/2024 names the late ones alone; a pending column that is missing leaves no balance; 2019 gives a rate of nothing."""
    assert [row.check_id for row in ledger("thu-nghiem", period="2019") if row.other_delivery] == ["reported_figure"] * 2
    assert {row.agency_code: row.verdict for row in ledger("thu-nghiem", check="table_late_rate", period="2024-07")} == {
        "X01": "own_missing", "X01.02": "own_missing"
    }  # fmt: skip
    assert only("table_balance", period_code="2021-H1").verdict == "own_missing"


# ---- Vĩnh Phúc --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("night")
def test_vinh_phuc_stands_on_its_own_denominator() -> None:
    """Total = new + carried, due = on time + late, rates on the due ones; and no rate on resolved is claimed."""
    for period, total, due, rate in (("2021-09", "6.302", "4.169", "99,71"), ("2021-Q3", "16.234", "14.101", "99,74")):
        assert values(only("table_total", period_code=period)) == (total, total, "0", "agree")
        assert values(only("table_due", period_code=period)) == (due, due, "0", "agree")
        assert values(only("table_on_time_of_due", period_code=period)) == (rate, rate, "0,00", "agree")
    assert values(only("table_online", period_code="2021-09")) == ("1.598", "1.598", "0", "agree")
    assert values(only("table_due", period_code="2021-08")) == ("19.944", "19.944", "0", "agree")
    assert values(only("table_on_time_of_due", period_code="2021-08")) == ("96,55", "96,55", "0,00", "agree")
    assert {row.book for row in ledger("thu-nghiem", check="table_on_time_rate")} == {"LAM-DONG"}


@pytest.mark.usefixtures("night")
def test_vinh_phuc_3_27_printed_as_3_3_agrees_by_its_last_digit() -> None:
    row = only("table_returned_of_due", period_code="2021-Q3")
    assert values(row) == ("3,27", "3,30", "-0,03", "agree")
    assert row.tolerance == Decimal("0.05")
    assert only("table_returned_of_due", period_code="2021-09").tolerance == Decimal("0.005")


# ---- announced indices --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("night")
def test_par_index_2020_adds_up_seven_times_and_misses_a_hundredth_three_times() -> None:
    rows = lines("index_parts", period_code="2020")
    assert {row.verdict for row in rows.values()} == {"agree"}
    off = {about: row.difference for about, row in rows.items() if row.difference}
    assert off == {"Quảng Ninh": Decimal("0.01"), "Đồng Tháp": Decimal("-0.01"), "Phú Thọ": Decimal("-0.01")}
    assert len(rows) == 10


@pytest.mark.usefixtures("night")
def test_par_index_2012_adds_up_nineteen_times_of_nineteen() -> None:
    rows = lines("index_columns", period_code="2012")
    assert [row.difference for row in rows.values()] == [0] * 19


@pytest.mark.usefixtures("night")
def test_ranks_follow_the_points() -> None:
    """Also where a table names places 1, 2, 6 and 20 only."""
    counts = {
        period: [row.verdict for row in ledger("thu-nghiem", check="index_rank", period=period)] for period in ("2012", "2020", "2023")
    }
    assert counts == {"2012": ["agree"] * 19, "2020": ["agree"] * 10, "2023": ["agree"] * 8}


@pytest.mark.usefixtures("night")
def test_thanh_hoa_percent_is_of_the_applicable_maximum() -> None:
    rows = lines("index_percent", period_code="2023")
    assert {row.verdict for row in rows.values()} == {"agree"}
    assert values(rows["Ban Dân tộc"]) == ("81,33", "81,33", "0,00", "agree")
    assert len(rows) == 8


# ---- an agency's own reports, registers and surveys ------------------------------------------------------------------------


@pytest.mark.usefixtures("night")
def test_reported_figures_stand_beside_our_own_with_figure_and_line() -> None:
    rows = {(row.line_code, row.about): row for row in ledger("thu-nghiem", "", "2024-Q1", "X01.02", "reported_figure")}
    assert {key: values(row) for key, row in rows.items()} == {
        ("received_count", ""): ("10", "10", "0", "agree"),
        ("received_count", "channel=online"): ("4", "4", "0", "agree"),
        ("resolved_count", ""): ("8", "9", "-1", "differs"),
        ("on_time_rate", ""): ("87,50", "87,50", "0,00", "agree"),
        ("headcount", "kind=civil_servant"): ("3", "4", "-1", "differs"),
    }
    wrong = rows["resolved_count", ""]
    assert wrong.own_source == "resolved_count@1:X01.02:2024-Q1"
    with connect("cchc_loader") as connection:
        found = connection.execute(
            """select value from accepted.report_submission join ops.delivery on delivery_id = _delivery
               where (sha256, _line) = (%s, %s)""",
            (wrong.other_delivery, wrong.other_line),
        ).fetchall()
    assert found == [(9,)]


@pytest.mark.usefixtures("night")
def test_a_district_s_report_speaks_of_its_communes_too() -> None:
    rows = {(row.line_code, row.about): row for row in ledger("thu-nghiem", "", "2024-Q1", "X01.30", "reported_figure")}
    assert {key: values(row) for key, row in rows.items()} == {
        ("received_count", ""): ("5", "5", "0", "agree"),
        ("received_count", "level=district"): ("3", "3", "0", "agree"),
        ("received_count", "level=commune"): ("2", "3", "-1", "differs"),
    }
    assert rows["received_count", ""].own_source == "received_count@1:X01.30:2024-Q1; received_count@1:X01.30.01:2024-Q1"


@pytest.mark.usefixtures("night")
def test_published_aggregates_stand_against_our_own() -> None:
    """Lâm Đồng's 151,295 against the eight of the small province; nothing of ours where no dossiers are collected."""
    rows = {
        (row.agency_code, row.book, row.line_code): values(row) for row in ledger("thu-nghiem", None, "2024-Q1", None, "reported_figure")
    }
    assert rows["X01", "LAM-DONG", "resolved_count"] == ("8", "151.295", "-151.287", "differs")
    assert rows["X01.01", "BC-CCHC", "received_count"] == ("–", "5", "–", "own_missing")


@pytest.mark.usefixtures("night")
def test_a_form_is_compared_column_by_column_and_a_missing_column_is_told() -> None:
    found = {row.check_id: row.verdict for row in ledger("thu-nghiem", None, "2024-Q1", "X01.02") if row.book == "II.06a"}
    assert found == {
        "form_06a_handled": "agree", "form_06a_online": "agree", "form_06a_carried_over": "agree", "form_06a_resolved": "agree",
        "form_06a_pending": "agree", "form_06a_overdue": "other_missing", "form_06a_sum_received": "agree",
        "form_06a_sum_balance": "agree",
    }  # fmt: skip


@pytest.mark.usefixtures("night")
def test_staff_register_stands_against_the_one_stop_desks() -> None:
    assert values(only("desk_staff_posts", agency_code="X01.02", period_code="2024")) == ("3", "4", "-1", "differs")
    assert only("desk_staff_presence", agency_code="X01.02", period_code="2024").verdict == "agree"
    assert values(only("desk_staff_presence", agency_code="X01.01", period_code="2024")) == ("1", "0", "+1", "differs")


@pytest.mark.usefixtures("night")
def test_survey_base_stands_against_the_dossiers() -> None:
    row = only("survey_base")
    assert values(row) == ("8", "8", "0", "agree")
    assert row.tolerance == Decimal("0.4")  # 5 %
    assert values(only("survey_returned")) == ("–", "5", "–", "own_missing")


@pytest.mark.usefixtures("night")
def test_a_report_s_validity_counts_its_figures_that_differ() -> None:
    """What RPT-02 counts by: the same comparisons, made before the figures are put together."""
    with connect("cchc_transformer") as connection:
        found = connection.execute(
            "select agency_code, report_code, figures_compared, figures_differing from thu_nghiem_measures.report_validity order by 1, 2"
        ).fetchall()
    assert found == [("X01.01", "BC-CCHC", 0, 0), ("X01.02", "BC-CCHC", 5, 2), ("X01.02", "II.06a", 5, 0), ("X01.30", "BC-CCHC", 3, 1)]


# ---- explanations, print, command line -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("night")
def test_the_newest_explanation_by_the_as_of_is_shown() -> None:
    row = only("reported_figure", agency_code="X01.02", line_code="resolved_count", book="BC-CCHC")
    assert (row.explanation, row.explained_by, row.explained_on) == (SAID, "Sở Hai", AS_OF.date())
    assert [r.check_id for r in ledger("thu-nghiem") if r.explanation] == ["reported_figure"]


@pytest.mark.usefixtures("night")
def test_an_explanation_is_recorded_for_good() -> None:
    asked = Line("X01", "2020", "index_parts", about="Phú Thọ")
    assert explain("thu-nghiem", asked, "Do làm tròn.", "Sở Nội vụ", AS_OF.date(), dry_run=True).line_code == "total"
    found = explain("thu-nghiem", asked, " Do làm tròn. ", "Sở Nội vụ", AS_OF.date())
    with psycopg.connect(admin_url()) as admin:
        told = admin.execute("select explanation from ops.reconciliation_explanation where check_id = 'index_parts'").fetchall()
        events = admin.execute(
            "select subject, reason from audit.event where what = 'reconciliation explained' order by event_id"
        ).fetchall()
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            admin.execute("update ops.reconciliation_explanation set explanation = 'khác'")
    assert told == [("Do làm tròn.",)]
    assert events[-1] == (f"reconciliation {found}", "Do làm tròn.")
    assert len(events) == 4


@pytest.mark.usefixtures("night")
def test_an_explanation_of_no_line_of_several_or_of_nothing_is_refused() -> None:
    with pytest.raises(DataError, match="no line"):
        explain("thu-nghiem", Line("X01", "2020", "index_part"), "a", "b", None)
    with pytest.raises(DataError, match=r"10 lines .* --about"):
        explain("thu-nghiem", Line("X01", "2020", "index_parts"), "a", "b", None)
    with pytest.raises(ConfigError, match="--by"):
        explain("thu-nghiem", WRONG, "a", " ", None)
    with pytest.raises(ConfigError, match="to come"):
        explain("thu-nghiem", WRONG, "a", "b", AS_OF.date().replace(year=2100))


def test_the_ledger_is_frozen_and_a_change_is_found(night: Settings) -> None:
    with connect("cchc_reader") as connection:
        (release,) = connection.execute("select release_id from release.manifest").fetchone() or ("",)
    assert verify_release(night, release) == []
    with psycopg.connect(admin_url(), autocommit=True) as admin:
        admin.execute("alter table release.reconciliation disable trigger append_only")
        admin.execute("update release.reconciliation set verdict = 'agree' where verdict = 'differs' and check_id = 'reported_figure'")
        assert "of reconciliation was changed" in verify_release(night, release)[0]
        admin.execute("update release.reconciliation set verdict = 'differs' where verdict = 'agree' and difference <> 0 "
                      "and check_id = 'reported_figure'")  # fmt: skip
        admin.execute("alter table release.reconciliation enable trigger append_only")


def test_the_forms_are_frozen_and_a_change_is_found(night: Settings) -> None:
    """What the dossiers of published_tables.py come to, and what `release verify` says of another number."""
    columns = "select c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13 from release.form_ii06a"
    with connect("cchc_reader") as connection:
        (release,) = connection.execute("select release_id from release.manifest").fetchone() or ("",)
        found = connection.execute(f"{columns} where agency_code = 'X01.02' and period_code = '2024-Q1' and dim = ''").fetchall()
    assert found == [(10, 4, 6, 0, 8, 7, 0, 1, 2, 1, 1)]
    with psycopg.connect(admin_url(), autocommit=True) as admin:
        admin.execute("alter table release.form_ii06a disable trigger append_only")
        admin.execute("update release.form_ii06a set c4 = c4 + 1, c5 = c5 - 1 where agency_code = 'X01.02' and period_code = '2024-Q1'")
        assert "of form_ii06a was changed" in verify_release(night, release)[0]
        admin.execute("update release.form_ii06a set c4 = c4 - 1, c5 = c5 + 1 where agency_code = 'X01.02' and period_code = '2024-Q1'")
        admin.execute("alter table release.form_ii06a enable trigger append_only")
    assert verify_release(night, release) == []


def test_the_quarter_s_report_prints_the_ledger_alike_in_four_formats(night: Settings) -> None:
    files = print_report(night, "2024-Q1")
    assert differences(files) == []
    document = json.loads(next(path for path in files if path.suffix == ".json").read_bytes())["document"]
    (annex,) = [annex for annex in document["annexes"] if annex["title"] == "Đối chiếu số liệu"]
    texts = [[cell["text"] for cell in row["cells"]] for row in annex["table"]["rows"]]
    (wrong,) = [row for row in texts if row[3] == "resolved_count@1:X01.02:2024-Q1"]
    assert wrong[2] == "8"
    assert wrong[4] == "9"
    assert wrong[6:] == ["-1 (±0,5)", "Chênh lệch", f"{SAID} (Sở Hai, 31/12/2024)"]
    (small,) = [row for row in texts if "kind=civil_servant" in row[3]]
    assert [small[2], small[4], small[6]] == ["bảo mật"] * 3
    assert "khớp: " in annex["after"][0]
    (sheet,) = [sheet for sheet in document["sheets"] if sheet["title"] == "Đối chiếu theo đơn vị"]
    assert len(sheet["table"]["rows"]) == len(ledger("thu-nghiem", period="2024-Q1"))


@pytest.mark.usefixtures("night")
def test_the_command_lists_and_explains() -> None:
    def cchc(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([CCHC, "reconciliation", *words], capture_output=True, text=True, timeout=120)

    listed = json.loads(cchc("list", "--period", "2022-H1", "--unit", "X01", "--verdict", "differs", "--json").stdout)
    assert [(row["check_id"], row["about"], row["other_value"]) for row in listed if row["check_id"].startswith("table")] == [
        ("table_on_time_rate", "level=commune", "98.94")
    ]
    told = cchc("explain", "X01", "2022-H1", "table_on_time_rate", "--about", "level=commune", "--text", "x", "--by", "y", "--dry-run")
    assert (told.returncode, told.stdout) == (0, "")
    assert "would be explained: X01, 2022-H1, table_on_time_rate, LAM-DONG, level=commune, on_time_rate" in told.stderr


def test_a_comparison_of_an_unknown_measure_is_refused(config: Settings) -> None:
    make_published_province(config)
    path = config.province / "reference/reconciliation_check.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("desk_vacancies", "desk_vacancy"), encoding="utf-8")
    with pytest.raises(ConfigError, match="desk_staff_posts compares measure desk_vacancy"):
        load_reference(config)


def test_the_same_files_in_another_order_are_the_same_release(server: str, night: Settings, tmp_path: Path) -> None:
    """Another installation numbers its deliveries otherwise; what is frozen and printed says nothing of it."""
    first = _frozen()
    with pytest.MonkeyPatch.context() as patch, installation(server, tmp_path, tmp_path / "thu-nghiem", patch) as other:
        make_published_province(other)
        _released(other, sender_files(other)[::-1])
        second = _frozen()
    assert len(first) == 1
    assert second == first


def _frozen() -> list[tuple]:
    with connect("cchc_reader") as connection:
        return connection.execute("select content_hash from release.manifest").fetchall()

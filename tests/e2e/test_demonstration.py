"""The demonstration province through the product, without Airflow: the published totals, the warnings, the report."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from cchc.clock import parse_as_of
from cchc.demo.facts import NO_SHOP_BUT_DESK, NOBODY_AT_DESK
from cchc.settings import Settings
from dbt_fixture import figures_that_rows_miss
from house import PROJECT, installation
from province import write_csv

AS_OF = "2013-12-31"


@pytest.fixture(scope="module")
def demo(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, str]]:
    """The settings and the release of the demonstration's night of 31/12/2013."""
    from cchc.demo import generate
    from cchc.intake.reference import load_reference
    from cchc.intake.run import ingest_all
    from cchc.night.run import run_night

    with pytest.MonkeyPatch.context() as patch:
        province = PROJECT / "dags/provinces/son-la"
        with installation(server, tmp_path_factory.mktemp("demo"), province, patch) as config:
            generate(config.inbox_path, config.province)
            load_reference(config)
            failures = {k: v for r in ingest_all(config, parse_as_of(AS_OF)) for k, v in r.failures.items()}
            assert failures == {}
            yield config, run_night(config, parse_as_of(AS_OF)).release_id


def figures(release: str, unit: str, measure: str, period: str = "2013-Q4", column: str = "value") -> dict[str, int]:
    from cchc.warehouse.connect import connect

    with connect("cchc_reader") as connection:
        rows = connection.execute(
            f"""select dim, {column} from release.measure join release.manifest_partition using (partition_id)
               where (release_id, agency_code, measure, period_code) = (%s, %s, %s, %s)""",
            (release, unit, measure, period),
        )
        return {dim: int(value) for dim, value in rows}


def test_headcounts_are_the_published_ones(demo: tuple[Settings, str]) -> None:
    """SL-152 §I.2: 7,209 = 1,525 + 1,139 + 4,545 civil servants; 30,027 = 5,759 + 24,268 public employees."""
    found = figures(demo[1], "H52", "headcount")
    assert found["kind=civil_servant"] == 7209
    assert found["kind=public_employee"] == 30027
    levels = {d: v for d, v in found.items() if "," in d and "post_level" not in d}
    assert levels == {
        "kind=civil_servant,level=province": 1525, "kind=civil_servant,level=district": 1139, "kind=civil_servant,level=commune": 4545,
        "kind=public_employee,level=province": 5759, "kind=public_employee,level=district": 24268,
    }  # fmt: skip


def test_the_rows_behind_every_figure_of_the_quarter_and_the_year_add_up_to_it(demo: tuple[Settings, str]) -> None:
    """Every measure made of rows, every unit and breakdown."""
    compared, missed = figures_that_rows_miss("son_la", parse_as_of(AS_OF), ["2013-Q4", "2013"])
    assert missed == []
    assert compared > 10_000


def test_one_stop_shops_are_the_published_ones(demo: tuple[Settings, str]) -> None:
    """SL-152 §I.2: 17 departments, 11 districts, 198 communes."""
    found = figures(demo[1], "H52", "one_stop_body_count")
    assert {d: found[f"level={d}"] for d in ("province", "district", "commune")} == {"province": 17, "district": 11, "commune": 198}


def test_other_published_numbers_come_out_of_the_collected_feeds(demo: tuple[Settings, str]) -> None:
    """SL-152 §I.2: autonomy (42 + 243 agencies, 119 + 270 units), 64 classes with 4,559 learners, 31 certificates, 8 portals of 30."""
    release = demo[1]
    autonomy = figures(release, "H52", "autonomy_rate", "2013", "numerator")
    assert autonomy[""] == 285 + 389
    assert autonomy["body_kind=agency,body_level=province"] == 42
    assert autonomy["body_kind=agency,body_level=district"] == 243
    assert autonomy["body_kind=public_unit,body_level=district"] == 270
    assert figures(release, "H52", "training_class_count", "2013")[""] == 64
    assert figures(release, "H52", "training_learner_count", "2013")[""] == 4559
    assert figures(release, "H52", "iso_rate", "2013", "numerator")[""] == 31
    portals = (figures(release, "H52", "portal_rate", column=column)[""] for column in ("numerator", "denominator"))
    assert tuple(portals) == (8, 30)
    assert figures(release, "H52", "national_rank", "2012")[""] == 38


def test_the_ledger_shows_the_planted_misprints_and_no_other(demo: tuple[Settings, str]) -> None:
    from cchc.demo.reports import MISPRINTS
    from cchc.warehouse.connect import connect

    with connect("cchc_reader") as connection:
        lines = connection.execute(
            """select verdict, agency_code, period_code, line_code from release.reconciliation
               join release.manifest_partition using (partition_id)
               where release_id = %s and check_id = 'reported_figure'""",
            (demo[1],),
        ).fetchall()
    differing = {tuple(line[1:]) for line in lines if line[0] == "differs"}
    assert {(period, code) for _, period, code in differing} == {(m.period, m.line) for m in MISPRINTS}
    assert len(differing) == len(MISPRINTS)
    assert sum(line[0] == "agree" for line in lines) > 300


def test_the_ledger_holds_the_registers_against_the_desks(demo: tuple[Settings, str]) -> None:
    """A desk with people where there is a shop, but where planted; as many as posts at most of them; every line is compared."""
    from cchc.warehouse.connect import connect

    with connect("cchc_reader") as connection:
        lines = connection.execute(
            """select check_id, verdict, agency_code from release.reconciliation
               join release.manifest_partition using (partition_id)
               where release_id = %s and check_id like 'desk%%' and period_code = '2013'""",
            (demo[1],),
        ).fetchall()
    differing = {unit for check, verdict, unit in lines if (check, verdict) == ("desk_staff_presence", "differs")}
    assert differing == NOBODY_AT_DESK | NO_SHOP_BUT_DESK
    told = Counter((check, verdict) for check, verdict, _ in lines)
    assert told["desk_staff_presence", "agree"] == 17 + 11 + 198 - len(NOBODY_AT_DESK) + 1, "the units with a shop, and the province"
    assert 200 < told["desk_staff_posts", "agree"] < told.total() / 2
    assert 10 < told["desk_staff_posts", "differs"] < 30
    assert {verdict for _, verdict in told} == {"agree", "differs"}


def test_every_duty_that_binds_the_province_is_judged_from_data(demo: tuple[Settings, str]) -> None:
    from cchc.warehouse.connect import connect

    with connect("cchc_reader") as connection:
        told = connection.execute(
            """select obligation, bool_or(status <> 'no_data') from release.compliance
               join release.manifest_partition using (partition_id) where release_id = %s and period_code = '2013' group by 1""",
            (demo[1],),
        ).fetchall()
    assert len(told) == 17
    assert [duty for duty, judged in told if not judged] == []


def test_planted_oddities_are_warnings_of_the_release_and_it_is_not_provisional(demo: tuple[Settings, str]) -> None:
    from cchc.warehouse.connect import connect

    with connect("cchc_reader") as connection:
        query = "select notes, provisional from release.manifest where release_id = %s"
        notes, provisional = connection.execute(query, (demo[1],)).fetchone()  # type: ignore[misc]
    said = {warning["message_vi"] for warning in notes["warnings"]}
    assert any("mã ngoài danh mục vẫn được tính" in words for words in said)
    assert any("Không hồ sơ nào có kết quả trước khi tiếp nhận" in words for words in said)
    assert provisional is False


def test_a_second_run_ends_with_the_same_release(demo: tuple[Settings, str]) -> None:
    from cchc.intake.run import ingest_all
    from cchc.night.run import run_night

    config, release = demo
    assert [r.deliveries for r in ingest_all(config, parse_as_of(AS_OF)) if r.deliveries] == []
    assert run_night(config, parse_as_of(AS_OF)).release_id == release


def test_the_quarter_report_agrees_in_all_formats_and_prints_the_same_bytes(demo: tuple[Settings, str], tmp_path: Path) -> None:
    from cchc.reports.readback import differences
    from cchc.reports.run import print_report

    config, release = demo
    first = print_report(config, "2013-Q4", release_id=release, out=tmp_path / "a")
    again = print_report(config, "2013-Q4", release_id=release, out=tmp_path / "b")
    assert {p.suffix for p in first} == {".docx", ".pdf", ".xlsx", ".json"}
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in again]
    assert differences(first) == []
    told = json.loads(next(p for p in first if p.suffix == ".json").read_text(encoding="utf-8"))
    assert "7.209" in json.dumps(told, ensure_ascii=False)
    above = [line for annex in told["document"]["annexes"] for line in annex["before"]]
    assert "Biểu số II.06a/VPCP/KSTT (Thông tư 01/2020/TT-VPCP). Đơn vị tính: hồ sơ." in above
    assert "Biểu số II.07b/VPCP/KSTT (Thông tư 01/2020/TT-VPCP). Đơn vị tính: thủ tục hành chính." in above


def test_the_forms_of_the_quarter_hold_what_its_measures_count(demo: tuple[Settings, str]) -> None:
    from cchc.warehouse.connect import connect

    _, release = demo
    with connect("cchc_reader") as connection:
        query = """select c3, c4, c11, c13 from release.form_ii06a join release.manifest_partition using (partition_id)
                   where (release_id, agency_code, period_code, dim) = (%s, 'H52', '2013-Q4', '')"""
        found = connection.execute(query, (release,)).fetchone()
    counted = {
        name: figures(release, "H52", name) for name in ("received_count", "carried_over_count", "pending_count", "overdue_pending_count")
    }
    received = counted["received_count"]
    handled = received[""] + counted["carried_over_count"][""]
    assert found == (handled, received["channel=online"], counted["pending_count"][""], counted["overdue_pending_count"][""])


def test_nobody_s_name_or_phone_left_the_encrypted_store(demo: tuple[Settings, str], tmp_path: Path) -> None:
    """The names that the generator invents stand in the inbox, and nowhere in what the product wrote."""
    import subprocess

    from cchc.reports.run import print_report
    from cchc.warehouse.backup import run_program

    config, release = demo
    dump = tmp_path / "all.sql"
    run_program(config, "pg_dump", "--data-only", f"--file={dump}")
    print_report(config, "2013-Q4", release_id=release, out=tmp_path / "reports")
    needle = "Lò Văn Mẫu"
    assert subprocess.run(["grep", "-rqF", needle, str(config.inbox_path)]).returncode == 0
    for place in (dump, tmp_path / "reports", config.home / "dbt", config.bytes_path):
        assert subprocess.run(["grep", "-rqF", needle, str(place)]).returncode == 1


def test_staff_duties_are_judged_where_their_directive_binds(demo: tuple[Settings, str], tmp_path: Path) -> None:
    """STF-03, STF-04, STF-08 do not bind Sơn La; a province that Long An's directive binds is judged on them by these data, well and ill.

    The last test of this module: another release of the same night stands afterwards.
    """
    from cchc.intake.reference import load_reference
    from cchc.night.run import run_night
    from cchc.province.tables import template
    from cchc.reports.compliance_list import ComplianceList

    province = tmp_path / demo[0].province.name
    copytree(demo[0].province, province)
    columns, rows = template("directive")
    write_csv(province / "reference/directive.csv", columns, [list(row.values()) for row in rows if row["directive"] == "LA"])
    config = demo[0].model_copy(update={"province": province})
    load_reference(config)
    release = run_night(config, parse_as_of(AS_OF)).release_id
    told: dict[str, Counter] = defaultdict(Counter)
    for row in ComplianceList(province.name, "2013", directive="LA", release=release).rows:
        told[row.measure][row.status] += 1
    for measure, units in (("position_fit_rate", 30), ("staff_reviewed_rate", 30), ("desk_vacancies", 226)):
        assert told[measure].keys() == {"met", "not_met"}, told[measure]
        assert told[measure].total() == units
    qualified = told["one_stop_staff_qualified_rate"]
    assert qualified.keys() == {"met", "not_met", "not_applicable"}
    assert qualified["not_applicable"] == len(NOBODY_AT_DESK), "of nobody nothing can be said"

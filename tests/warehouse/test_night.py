"""The night: held deliveries, a gate that fails closed, releases that stay, replays, isolation of provinces."""

from pathlib import Path

import psycopg
import pytest

from cchc.clock import parse_as_of
from cchc.errors import DataError, GateError, UnreachableError
from cchc.intake.decide import decide
from cchc.night import run as steps
from cchc.night.explain_figure import explain_figure
from cchc.night.explain_release import SAME_NIGHT, explain_release
from cchc.quality import gate, marts
from cchc.quality.suites import run_suite
from cchc.release.read import releases
from cchc.release.verify import verify_release
from cchc.settings import Settings
from cchc.warehouse.connect import admin_url, connect
from cchc.warehouse.locks import night_lock
from house import installation
from small_night import ROWS, ingest, make_delivered, make_province, night, send_dossiers, send_staff


@pytest.fixture
def province(config: Settings) -> Settings:
    make_delivered(config)
    return config


def first_release(config: Settings) -> str:
    """The only release there is: that of the fixture's night."""
    [[release, *_]] = releases(config.province.name)
    return release


def figure(release: str, figure_id: str) -> tuple | None:
    with connect("cchc_reader") as connection:
        return connection.execute(
            """select numerator, denominator, status from release.measure join release.manifest_partition using (partition_id)
               where release_id = %s and figure = %s""",
            (release, figure_id),
        ).fetchone()


def test_nights_release_share_and_follow_what_comes(released: Settings) -> None:
    """One chain, for each night costs seconds: release, repeat, shrunk file held and let in, correction, withdrawal."""
    province, first = released, first_release(released)
    assert figure(first, "on_time_rate@1:X01.01:2013-Q1") == (1, 2, "A")
    assert figure(first, "headcount@1:X01:2013-Q1") == (20, None, "A")
    assert night(province, "2013-03-31").release_id == first

    send_staff(province, "2013-04-01", 2)
    changed = ("A-2", "2013-03-01T08:00", "2013-03-10T17:00", "2013-03-09T10:00", "2013-04-01T08:00")
    late = ("A-0", "2013-02-01T08:00", "2013-02-10T17:00", "2013-02-20T10:00", "2013-04-01T08:00")
    send_dossiers(province, "2013-04-01", [changed, late])
    second = night(province, "2013-04-01").release_id
    assert figure(second, "headcount@1:X01:2013-Q1") == (20, None, "A"), "a shrunk register is held, the one before stands"
    assert figure(second, "on_time_rate@1:X01.01:2013-Q1") == (2, 3, "A"), "a correction and a dossier told late reach a closed period"
    assert figure(second, "received_count@1:X01.01:2013-Q1") == (4, None, "A")
    assert figure(first, "on_time_rate@1:X01.01:2013-Q1") == (1, 2, "A"), "and leave the release before as it was"
    assert figure(first, "received_count@1:X01.01:2013-Q1") == (3, None, "A")

    with connect("cchc_loader") as connection:
        held = connection.execute("select delivery_id from ops.delivery where status = 'held'").fetchall()
        corrected = connection.execute("select max(delivery_id) from ops.delivery where feed = 'dossier_log'").fetchone()
    decide(province.province.name, held[0][0], "accepted", "sáp nhập đơn vị")
    decide(province.province.name, corrected[0], "withdrawn", "gửi nhầm")
    third = night(province, "2013-04-02").release_id
    assert figure(third, "headcount@1:X01:2013-Q2") == (12, None, "P")
    assert figure(third, "on_time_rate@1:X01.01:2013-Q1") == (1, 2, "A")
    assert [problem for r in (first, second, third) for problem in verify_release(province, r)] == []

    with connect("cchc_reader") as connection:
        shared = connection.execute(
            "select count(*) from (select partition_id from release.manifest_partition group by 1 having count(*) > 1) as shared"
        ).fetchone()
    assert shared is not None and shared[0] > 0, "unchanged partitions are stored once"
    explained_as_frozen(province, second, third)


def explained_as_frozen(province: Settings, second: str, third: str) -> None:
    """The second release's figure by its own cut, whose correction was withdrawn since; and when that cut is no longer kept."""
    asked = ("on_time_rate", "X01.01", "2013-Q1", "")
    own = explain_release(province, *asked, second)
    assert (own.figure["numerator"], own.figure["denominator"], own.adds_up, own.same_cut) == (2, 3, True, True)
    assert sorted((row["row"]["dossier_code"], row["numerator"]) for row in own.rows) == [("A-0", 0), ("A-1", 1), ("A-2", 1)]
    assert [str(one["arrived_at"])[:10] for one in own.deliveries] == ["2013-03-31", "2013-04-01"]
    assert "lập lại từ các lần gửi của bản phát hành" in own.note_vi
    cell = explain_figure(province, "form_ii06a_c4@1:X01.01:2013-Q1", second)
    assert (cell.figure["value"], len(cell.rows), cell.adds_up, len(cell.deliveries)) == (4, 4, True, 2)
    newest = explain_release(province, *asked, third)
    assert (newest.adds_up, newest.note_vi) == (True, SAME_NIGHT)
    with psycopg.connect(admin_url(), autocommit=True) as admin:
        left = admin.execute("select nspname from pg_namespace where nspname like '%aside%'").fetchall()
        admin.execute("delete from ops.cut_delivery where cut_id = (select cut_id from release.manifest where release_id = %s)", (second,))
    assert left == []
    later = explain_release(province, *asked, second)
    assert (later.figure["numerator"], later.numerator, later.adds_up, later.same_cut) == (2, 1, False, False)
    assert "dòng dữ liệu theo đêm gần nhất (02/04/2013)" in later.note_vi
    with pytest.raises(DataError, match=r"has no figure on_time_rate@1:X01\.01:2013-Q9"):
        explain_release(province, "on_time_rate", "X01.01", "2013-Q9", "", second)
    with pytest.raises(DataError, match="no release no-such"):
        explain_release(province, *asked, "no-such")


def test_a_red_night_leaves_the_last_release_and_says_why(released: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    province, first = released, first_release(released)
    whole = marts.run_mart_suites
    monkeypatch.setattr(steps, "run_mart_suites", lambda *args: whole(*args)[1:])
    with pytest.raises(GateError, match="did not run"):
        night(province, "2013-04-01")
    monkeypatch.setattr(steps, "run_mart_suites", whole)
    monkeypatch.setattr(gate, "FEWEST_TESTS", 10_000)
    with pytest.raises(GateError, match="dbt tests ran"):
        night(province, "2013-04-02")
    assert [row[0] for row in releases(province.province.name)] == [first]
    with connect("cchc_loader") as connection:
        reasons = connection.execute("select state, reason from ops.night order by night_id").fetchall()
    assert [state for state, _ in reasons] == ["released", "red", "red"]
    assert "did not run" in reasons[1][1]
    red = len(reasons)
    with pytest.raises(GateError):
        steps.freeze(province, red)


def test_the_gate_fails_closed_on_nothing(config: Settings) -> None:
    """No delivery at all: empty marts are no release."""
    make_province(config)
    with pytest.raises(GateError):
        night(config, "2013-03-31")
    assert releases(config.province.name) == []


def test_an_empty_frame_fails_every_expectation() -> None:
    import pandas as pd

    rule = {"type": "expect_column_values_to_be_between", "kwargs": {"column": "n", "min_value": 1}, "severity": "critical",
            "meta": {"id": "x", "vi": "x"}}  # fmt: skip
    suite = {"name": "s", "expectations": [rule]}
    assert [v.success for v in run_suite(suite, pd.DataFrame({"who": ["a"], "n": [1.0]}), "who")] == [True]
    assert [v.success for v in run_suite(suite, pd.DataFrame({"who": [], "n": []}), "who")] == [False]
    assert [v.success for v in run_suite(suite, pd.DataFrame({"who": ["a"]}), "who")] == [False]


def test_a_missing_required_source_makes_the_release_provisional(config: Settings) -> None:
    make_province(config)
    send_dossiers(config, "2013-03-31", ROWS)
    send_staff(config, "2013-03-31", 10)
    release = night(config, "2013-03-31").release_id
    assert [row[2] for row in releases(config.province.name)] == [True]
    with connect("cchc_reader") as connection:
        states = connection.execute(
            """select source_id, state from release.coverage join release.manifest_partition using (partition_id)
               where release_id = %s order by 1""",
            (release,),
        ).fetchall()
    name = config.province.name
    assert states == [(f"{name}/so-hai/dossiers", "absent"), (f"{name}/so-hai/staff", "absent"), (f"{name}/so-mot/dossiers", "in"),
                      (f"{name}/so-mot/staff", "in")]  # fmt: skip
    assert figure(release, "on_time_rate@1:X01.02:2013-Q1") == (None, None, "M"), "not collected is not zero"


def test_a_register_that_returns_to_an_older_state_is_the_one_in_force(province: Settings) -> None:
    """A, B, then A's very bytes again: no new delivery, and yet A is what the sender says now."""
    send_staff(province, "2013-04-01", 11)
    send_staff(province, "2013-04-02", 10)
    ingest(province, "2013-04-02")
    with connect("cchc_loader") as connection:
        query = """select count(*) from ops.cut_delivery join accepted.staff on _delivery = delivery_id
                   where cut_id = %s and in_force and agency_code = 'X01.01'"""
        counts = [
            connection.execute(query, (steps.take_cut(province, parse_as_of(day)),)).fetchone() for day in ("2013-04-01", "2013-04-02")
        ]
    assert counts == [(11,), (10,)]


def test_one_night_at_a_time(province: Settings) -> None:
    with night_lock(province.province.name), pytest.raises(UnreachableError, match="another night"):
        night(province, "2013-03-31")


def test_a_tampered_release_is_found(released: Settings) -> None:
    province, release = released, first_release(released)
    assert verify_release(province, release) == []
    with psycopg.connect(admin_url(), autocommit=True) as admin:
        admin.execute("alter table release.measure disable trigger append_only")
        admin.execute("update release.measure set numerator = numerator + 1 where figure = 'headcount@1:X01:2013-Q1'")
        assert any("was changed" in problem for problem in verify_release(province, release))
        admin.execute("alter table release.manifest disable trigger append_only")
        admin.execute("update release.manifest set provisional = not provisional")
        assert any("manifest" in problem for problem in verify_release(province, release))


def test_two_provinces_in_one_warehouse_leave_each_other_alone(released: Settings, tmp_path: Path) -> None:
    province, first = released, first_release(released)
    other = province.model_copy(update={"province": tmp_path / "tinh-khac", "inbox": tmp_path / "inbox-khac"})
    other.__dict__.pop("inbox_path", None)
    (other.province / "sources").mkdir(parents=True)
    make_province(other, prefix="Y02")
    send_dossiers(other, "2013-03-31", ROWS[:1])
    send_staff(other, "2013-03-31", 3)
    second = night(other, "2013-03-31").release_id
    assert (first.split(".")[0], second.split(".")[0]) == ("thu-nghiem", "tinh-khac")
    assert figure(second, "headcount@1:Y02:2013-Q1") == (3, None, "A")
    assert figure(second, "headcount@1:X01:2013-Q1") is None
    assert night(province, "2013-03-31").release_id == first
    assert figure(first, "headcount@1:X01:2013-Q1") == (20, None, "A")


def test_a_second_province_in_a_warehouse_of_its_own(
    released: Settings, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another folder, another database, nothing edited: settings alone tell them apart."""
    province, release = released, first_release(released)
    folder = tmp_path / "other" / "tinh-rieng"
    (folder / "sources").mkdir(parents=True)
    with installation(server, tmp_path / "other", folder, monkeypatch) as other:
        make_province(other, prefix="Z03")
        send_dossiers(other, "2013-03-31", ROWS[:1])
        send_staff(other, "2013-03-31", 4)
        second = night(other, "2013-03-31").release_id
        assert figure(second, "headcount@1:Z03:2013-Q1") == (4, None, "A")
        assert [row[0] for row in releases("tinh-rieng")] == [second]
        assert releases(province.province.name) == []
    assert second != release


def test_a_reference_change_is_a_new_release_with_its_hash(released: Settings) -> None:
    province = released
    path = province.province / "reference/unit.csv"
    path.write_text(path.read_text().replace("Sở Một", "Sở Một mới"))
    night(province, "2013-03-31")
    with connect("cchc_reader") as connection:
        found = connection.execute(
            "select reference_hash, notes -> 'units' -> 'X01.01' ->> 'name_vi' from release.manifest order by created_at"
        ).fetchall()
    assert len({row[0] for row in found}) == 2
    assert [row[1] for row in found] == ["Sở Một", "Sở Một mới"]


def test_an_interrupted_night_is_taken_over(province: Settings) -> None:
    ingest(province, "2013-03-31")
    cut = steps.take_cut(province, parse_as_of("2013-03-31"))
    steps.build(province, cut)  # killed here: no gate, no freeze
    release = night(province, "2013-03-31").release_id
    assert figure(release, "headcount@1:X01:2013-Q1") == (20, None, "A")
    with connect("cchc_loader") as connection:
        assert [row[0] for row in connection.execute("select state from ops.night order by night_id")] == ["red", "released"]

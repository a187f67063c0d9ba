"""Who was expected and what came: dates by working days, five counts, exceptions, freshness of sources, deadlines."""

from datetime import date

import psycopg
import pytest

from calendar_province import CALENDAR, MONTHLY, QUARTERLY, make_calendar, standing, states
from cchc.clock import parse_as_of
from cchc.errors import ConfigError, GateError
from cchc.intake.decide import decide
from cchc.intake.expected import deadline
from cchc.intake.reference import load_reference
from cchc.night.cut import take_cut
from cchc.quality.marts import mart_suites, run_mart_suites
from cchc.settings import Settings
from cchc.warehouse.connect import admin_url, connect
from cchc.warehouse.roles import LOADER, TRANSFORMER
from house import PROJECT
from province import write_csv
from small_night import ROWS, ingest, night, send_dossiers, send_staff

ONE, TWO = ("X01.01", "2013-02"), ("X01.02", "2013-02")
COUNTS = "expected, arrived, accepted, usable, on_time, state"


def counts(cut_id: int) -> dict[tuple[str, str, str], tuple]:
    with connect(LOADER) as connection:
        rows = connection.execute(
            f"select agency_code, feed, period_code, {COUNTS} from ops.unit_coverage where cut_id = %s", (cut_id,)
        ).fetchall()
    return {row[:3]: row[3:] for row in rows}


def source_states(cut_id: int) -> dict[str, str]:
    with connect(LOADER) as connection:
        rows = connection.execute(
            "select split_part(source_id, '/', 2) || '/' || feed, state from ops.coverage where cut_id = %s", (cut_id,)
        )
        return dict(rows.fetchall())


@pytest.mark.parametrize(
    ("arrived", "expected"),
    [
        ("2013-02-22", (1, 0, 0, 0, 0, "absent")),  # before the window opens
        ("2013-02-25", (1, 1, 1, 1, 1, "on_time")),  # three working days before the cut-off
        ("2013-03-05", (1, 1, 1, 1, 1, "on_time")),  # the third working day after
        ("2013-03-06", (1, 1, 1, 1, 0, "late")),
        ("2013-03-12", (1, 1, 1, 1, 0, "late")),  # the eighth
        ("2013-03-13", (1, 1, 0, 0, 0, "too_late")),
    ],
)
def test_the_day_of_arrival_decides(config: Settings, arrived: str, expected: tuple) -> None:
    make_calendar(config)
    send_dossiers(config, arrived, [("A-1", "2013-02-01T08:00", "", "", "2013-02-01T08:00")])
    ingest(config, "2013-03-20")
    found = counts(take_cut(config, parse_as_of("2013-03-20")))
    assert found["X01.01", "dossier_log", "2013-02"] == expected
    assert found["X01.02", "dossier_log", "2013-02"] == (1, 0, 0, 0, 0, "absent")


def test_before_the_deadline_nothing_is_absent_and_after_it_it_is(config: Settings) -> None:
    make_calendar(config)
    take_cut(config, parse_as_of("2013-02-20"))
    assert ONE not in states(config, "2013-02-24"), "the window is not open yet"
    assert states(config, "2013-02-25")[ONE] == "open"
    assert states(config, "2013-03-05T23:59")[ONE] == "open"
    assert states(config, "2013-03-05")[ONE] == "absent", "the end of the day due"
    one = standing(config, "2013-03-05")[ONE]
    assert (one.due_on, one.accept_on, one.sender_code) == (date(2013, 3, 5), date(2013, 3, 12), "X01.01")
    assert ("X01.01", "2013-01") not in states(config, "2013-03-05"), "history before go_live_on is not expected"


def test_days_are_counted_over_holidays(config: Settings) -> None:
    make_calendar(config)
    path = config.province / "reference/calendar_day.csv"
    text = path.read_text(encoding="utf-8")
    for day in ("2013-03-01", "2013-03-04"):
        text = text.replace(f"{day},true", f"{day},false")
    path.write_text(text, encoding="utf-8")
    load_reference(config)
    one = standing(config, "2013-03-01")[ONE]
    assert (one.due_on, one.accept_on) == (date(2013, 3, 7), date(2013, 3, 14))


def test_refused_held_withdrawn_and_empty_are_named(config: Settings) -> None:
    make_calendar(config)
    bad = send_dossiers(config, "2013-03-01", ROWS[:1])
    bad.write_text("not,a,dossier\n1,2,3\n", encoding="utf-8")
    send_dossiers(config, "2013-03-01", [("B-1", "2013-02-01T08:00", "", "", "2013-02-01T08:00")], "so-hai")
    ingest(config, "2013-03-05")
    found = counts(take_cut(config, parse_as_of("2013-03-05")))
    assert found["X01.01", "dossier_log", "2013-02"] == (1, 1, 0, 0, 0, "refused")
    assert found["X01.02", "dossier_log", "2013-02"] == (1, 1, 1, 1, 1, "on_time")
    with connect(LOADER) as connection:
        number = connection.execute("select delivery_id from ops.delivery where status = 'accepted'").fetchone()
    assert number
    decide(config.province.name, number[0], "withdrawn", "gửi nhầm")
    found = counts(take_cut(config, parse_as_of("2013-03-05")))
    assert found["X01.02", "dossier_log", "2013-02"] == (1, 1, 0, 0, 0, "withdrawn")


def test_units_below_a_sender_are_counted_by_their_own_rows(config: Settings) -> None:
    """Huyện Ba sends for its commune: bytes that hold none of its rows have arrived and are not usable."""
    make_calendar(config, [["dossier_log", "month", kind, *MONTHLY[3:]] for kind in ("district", "commune")])
    text = (config.province / "sources/so-mot.yaml").read_text(encoding="utf-8")
    (config.province / "sources/huyen-ba.yaml").write_text(text.replace("X01.01", "X01.30").replace("so-mot", "huyen-ba"), encoding="utf-8")
    send_dossiers(config, "2013-03-01", [("A-1", "2013-02-01T08:00", "", "", "2013-02-01T08:00")], "huyen-ba")
    ingest(config, "2013-03-05")
    found = counts(take_cut(config, parse_as_of("2013-03-05")))
    assert found["X01.30", "dossier_log", "2013-02"] == (1, 1, 1, 1, 1, "on_time")
    assert found["X01.30.01", "dossier_log", "2013-02"] == (1, 1, 1, 0, 0, "empty")


def test_only_units_of_their_own_dates_are_in_the_denominator(config: Settings) -> None:
    make_calendar(config)
    path = config.province / "reference/unit.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines = [line + (",valid_to" if not n else ",2013-03-15" if line.startswith("X01.02") else ",") for n, line in enumerate(lines)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    load_reference(config)
    found = set(states(config, "2013-04-30"))
    assert TWO in found
    assert ("X01.02", "2013-03") not in found
    assert ("X01.01", "2013-03") in found


def test_exceptions_let_off_and_extend_until_their_day(config: Settings) -> None:
    make_calendar(config, exceptions=[
        ["X01.01", "dossier_log", "2013-02", "exempt", "2013-03-15", "Sở Nội vụ", "hỏng máy chủ"],
        ["X01.02", "dossier_log", "2013-02", "extended", "2013-03-15", "Sở Nội vụ", "mất điện"],
    ])  # fmt: skip
    take_cut(config, parse_as_of("2013-02-20"))
    assert states(config, "2013-03-15T12:00")[ONE] == "exempt"
    assert states(config, "2013-03-16")[ONE] == "absent", "an exception that ran out is none"
    two = standing(config, "2013-03-14")[TWO]
    assert (two.state, two.due_on, two.accept_on, two.exception_by) == ("open", date(2013, 3, 15), date(2013, 3, 15), "Sở Nội vụ")
    found = counts(take_cut(config, parse_as_of("2013-03-10")))
    assert found["X01.01", "dossier_log", "2013-02"] == (0, 0, 0, 0, 0, "exempt")


def test_one_stop_shops_are_those_of_the_register(config: Settings) -> None:
    make_calendar(config, [["dossier_log", "month", "one_stop", *MONTHLY[3:]]])
    take_cut(config, parse_as_of("2013-02-20"))
    assert states(config, "2013-03-05") == {}
    with psycopg.connect(admin_url(config)) as admin:
        admin.execute("""insert into ops.delivery (source_id, province, feed, contract_version, sha256, name, size_bytes, arrived_at,
            received_at, status, rows_read, rows_accepted, rows_unchanged, rows_quarantined, rows_skipped)
            select source_id, province, 'organisation', 1, repeat('a', 64), 'x', 1, '2013-02-01', '2013-02-01', 'accepted', 1, 1, 0, 0, 0
            from ops.source order by 1 limit 1""")
        admin.execute("""insert into accepted.organisation (agency_code, one_stop_since, _delivery, _line, _version)
            select 'X01.01', '2013-02-15', max(delivery_id), 1, '2013-02-01' from ops.delivery""")
    assert set(states(config, "2013-03-05")) == {ONE}


def test_an_older_delivery_no_longer_counts_as_in(config: Settings) -> None:
    make_calendar(config, [MONTHLY])
    for sender in ("so-mot", "so-hai"):
        send_dossiers(config, "2013-03-01", [("B-1", "2013-02-01T08:00", "", "", "2013-02-01T08:00")], sender)
    send_dossiers(config, "2013-04-02", ROWS[:1], name="dossier-2")
    ingest(config, "2013-04-03")
    assert source_states(take_cut(config, parse_as_of("2013-04-02")))["so-hai/dossier_log"] == "in", "not due yet"
    found = source_states(take_cut(config, parse_as_of("2013-04-03")))
    assert found == {"so-mot/dossier_log": "in", "so-hai/dossier_log": "late", "so-mot/staff": "absent", "so-hai/staff": "absent"}


def test_the_same_bytes_again_are_an_arrival(config: Settings) -> None:
    make_calendar(config, [QUARTERLY])
    send_staff(config, "2013-03-28", 5)
    send_staff(config, "2013-06-28", 5)
    ingest(config, "2013-07-10")
    found = counts(take_cut(config, parse_as_of("2013-07-10")))
    assert found["X01.01", "staff", "2013-Q1"][-1] == found["X01.01", "staff", "2013-Q2"][-1] == "on_time"


def test_a_source_is_told_its_deadline(config: Settings) -> None:
    make_calendar(config)
    take_cut(config, parse_as_of("2013-02-20"))
    with connect(LOADER) as connection:
        told = deadline(connection, f"{config.province.name}/so-mot/dossiers", parse_as_of("2013-03-06"))
        none = deadline(connection, f"{config.province.name}/so-mot/dossiers", parse_as_of("2013-03-13"))
    assert told == ("2013-02", date(2013, 3, 5), date(2013, 3, 12))
    assert none is None


def test_more_than_expected_and_a_unit_that_is_not_listed_are_critical(config: Settings) -> None:
    assert PROJECT / "expectations/marts/mart_unit_coverage.json" in mart_suites(config)
    make_calendar(config)
    cut_id = take_cut(config, parse_as_of("2013-03-05"))
    assert verdicts(config, cut_id) == {"not_over_hundred": True, "every_unit_listed": True}
    with psycopg.connect(admin_url(config)) as admin:
        admin.execute("update ops.unit_coverage set expected = 0, arrived = 1")
    assert verdicts(config, cut_id) == {"not_over_hundred": False, "every_unit_listed": True}
    with psycopg.connect(admin_url(config)) as admin:
        admin.execute("update ops.unit_coverage set expected = 1, arrived = 0")
        admin.execute("delete from ops.unit_coverage where agency_code = 'X01.01'")
    assert verdicts(config, cut_id) == {"not_over_hundred": True, "every_unit_listed": False}


def verdicts(config: Settings, cut_id: int) -> dict[str, bool]:
    only = config.model_copy()
    with connect(TRANSFORMER) as connection, pytest.MonkeyPatch.context() as patch:
        patch.setattr("cchc.quality.marts.mart_suites", lambda _: [PROJECT / "expectations/marts/mart_unit_coverage.json"])
        return {v.expectation: v.success for v in run_mart_suites(connection, only, "none", cut_id)}


@pytest.mark.parametrize(
    ("file", "header", "row", "says"),
    [
        ("delivery_calendar", CALENDAR, ["dossiers", *MONTHLY[1:]], "feed dossiers is not known"),
        ("delivery_calendar", CALENDAR, [*MONTHLY[:4], 9, 3, *MONTHLY[6:]], "delivery_calendar.csv"),
        ("delivery_exception", None, ["X09", "staff", "2013-Q1", "exempt", "2013-03-01", "x", "y"], "unit X09 is not known"),
        ("delivery_exception", None, ["X01", "staff", "2013-Q9", "exempt", "2013-03-01", "x", "y"], "period 2013-Q9 is not known"),
    ],
)  # fmt: skip
def test_a_wrong_calendar_is_refused(config: Settings, file: str, header: list | None, row: list, says: str) -> None:
    make_calendar(config)
    header = header or ["agency_code", "feed", "period_code", "kind", "until", "decided_by", "reason"]
    write_csv(config.province / f"reference/{file}.csv", header, [row])
    with pytest.raises(ConfigError, match=says):
        load_reference(config)


def test_the_release_freezes_the_coverage(config: Settings) -> None:
    from cchc.release.verify import verify_release

    make_calendar(config)
    for sender in ("so-mot", "so-hai"):
        send_dossiers(config, "2013-04-01", ROWS, sender)
    send_staff(config, "2013-04-01", 5)
    release = night(config, "2013-04-30").release_id
    assert verify_release(config, release) == []
    with connect("cchc_reader") as connection:
        rows = connection.execute(
            """select agency_code, feed, state from release.unit_coverage join release.manifest_partition using (partition_id)
               where release_id = %s and period_code in ('2013-03', '2013-Q1') order by 1, 2""", (release,)
        ).fetchall()  # fmt: skip
    assert rows == [("X01.01", "dossier_log", "on_time"), ("X01.01", "staff", "on_time"), ("X01.02", "dossier_log", "on_time"),
                    ("X01.02", "staff", "absent")]  # fmt: skip
    with psycopg.connect(admin_url(config)) as admin:
        admin.execute("alter table release.unit_coverage disable trigger append_only")
        admin.execute("update release.unit_coverage set state = 'on_time' where agency_code = 'X01.02' and feed = 'staff'")
    assert "unit_coverage was changed" in verify_release(config, release)[0]


def test_the_gate_names_a_coverage_over_a_hundred(config: Settings) -> None:
    from cchc.night import run

    make_calendar(config)
    for sender in ("so-mot", "so-hai"):
        send_dossiers(config, "2013-04-01", ROWS, sender)
    ingest(config, "2013-04-02")
    cut_id = take_cut(config, parse_as_of("2013-04-02"))
    night_id = run.build(config, cut_id)
    with psycopg.connect(admin_url(config)) as admin:
        admin.execute("update ops.unit_coverage set expected = 0 where usable = 1")
    with pytest.raises(GateError, match=r"mart_unit_coverage\.not_over_hundred"):
        run.gate(config, night_id)

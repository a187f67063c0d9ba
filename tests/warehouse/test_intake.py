"""The intake: each row somewhere, nothing twice, broken things alone, no worker past its claim."""

from pathlib import Path

import pytest

from cchc.clock import parse_as_of
from cchc.errors import ConfigError, DataError
from cchc.intake.decide import decide
from cchc.intake.reference import load_reference
from cchc.intake.run import ingest_sender
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from small_night import ingest, make_province, send_dossiers, send_staff

DAY = "2013-03-31"
GOOD = ("A-1", "2013-03-01T08:00", "2013-03-10T17:00", "2013-03-05T10:00", "")
COUNTS = "select status, rows_read, rows_accepted, rows_unchanged, rows_quarantined, rows_skipped from ops.delivery order by delivery_id"


@pytest.fixture
def province(config: Settings) -> Settings:
    make_province(config)
    return config


def rows(query: str) -> list[tuple]:
    with connect("cchc_loader") as connection:
        return connection.execute(query).fetchall()


def test_a_second_intake_loads_nothing(province: Settings) -> None:
    send_dossiers(province, DAY, [GOOD])
    ingest(province, DAY)
    before = rows("select * from accepted.dossier_log")
    assert [r.deliveries for r in ingest(province, DAY)] == [{}, {}]
    assert rows("select * from accepted.dossier_log") == before
    assert rows(COUNTS) == [("accepted", 1, 1, 0, 0, 0)]


def test_the_same_bytes_under_another_name_are_no_second_delivery(province: Settings) -> None:
    send_dossiers(province, DAY, [GOOD])
    send_dossiers(province, DAY, [GOOD], name="dossier_again")
    ingest(province, DAY)
    assert rows("select count(*) from ops.delivery") == [(1,)]
    assert rows("select count(*) from ops.arrival") == [(2,)]
    assert rows("select count(*) from accepted.dossier_log") == [(1,)]


def test_what_arrives_later_waits(province: Settings) -> None:
    send_dossiers(province, "2013-04-01", [GOOD])
    ingest(province, DAY)
    assert rows("select count(*) from ops.delivery") == [(0,)]


def test_every_row_is_somewhere_and_doubles_are_told_apart(province: Settings) -> None:
    same = ("B-1", "2013-03-02T08:00", "2013-03-09T17:00", "", "")
    other = ("B-1", "2013-03-02T08:00", "2013-03-19T17:00", "", "")
    late = ("C-1", "2013-03-09T08:00", "2013-03-02T17:00", "", "")
    send_dossiers(province, DAY, [GOOD, GOOD, same, other, late, ("D-1", "31/02/2013", "", "", ""), ("", "2013-03-01T08:00", "", "", "")])
    ingest(province, DAY)
    assert rows(COUNTS) == [("accepted", 7, 1, 0, 5, 1)]
    assert rows("select line, rule, column_name from quarantine.row order by line") == [
        (4, "conflicting_duplicate", ""), (5, "conflicting_duplicate", ""), (6, "due_before_received", ""),
        (7, "bad_instant", "received_at"), (8, "required", "dossier_code"),
    ]  # fmt: skip


def test_nothing_but_bad_rows_is_refused_as_a_whole_with_a_sample(province: Settings) -> None:
    late = [(f"C-{n}", "2013-03-09T08:00", "2013-03-02T17:00", "", "") for n in range(7)]
    send_dossiers(province, DAY, [*late, ("D-1", "31/02/2013", "", "", "")])
    ingest(province, DAY)
    assert rows(COUNTS) == [("refused", 8, 0, 0, 8, 0)]
    assert rows("select reason_rule, reason from ops.delivery") == [
        ("no_good_row", "Không có dòng nào đạt. Ngày hẹn trả phải sau ngày tiếp nhận (7 dòng: 2, 3, 4, 5, 6, ...); "
                        "Cột 'Ngày tiếp nhận' không phải là ngày giờ hợp lệ (1 dòng: 9).")
    ]  # fmt: skip
    assert rows("select count(*) from accepted.dossier_log") == [(0,)]
    assert rows("select count(distinct line), bool_and(state = 'open') from quarantine.row") == [(8, True)]


def test_quarantine_holds_no_personal_data_and_no_bad_cell(province: Settings) -> None:
    send_dossiers(province, DAY, [("E-1", "0912 345 678", "", "", "")])
    ingest(province, DAY)
    (cells,) = rows("select cells::text from quarantine.row where rule = 'bad_instant'")[0]
    assert "Mật" not in cells and "0912" not in cells and "E-1" in cells


def test_staff_ids_are_keyed_hashes_and_the_same_each_time(province: Settings) -> None:
    send_staff(province, DAY, 3)
    send_staff(province, "2013-04-01", 4)
    ingest(province, "2013-04-02")
    assert rows(COUNTS) == [("accepted", 3, 3, 0, 0, 0), ("accepted", 4, 1, 3, 0, 0)]
    assert not [r for r in rows("select staff_id from accepted.staff") if r[0].startswith("ID") or len(r[0]) != 32]


def test_a_broken_yaml_or_file_stops_nobody_else(province: Settings) -> None:
    (province.province / "sources/a-broken.yaml").write_text("sender: [\n")
    send_dossiers(province, DAY, [GOOD], sender="so-hai").write_bytes(b"\xff\xfe\x00bad")
    send_dossiers(province, DAY, [GOOD])
    results = {r.sender: r for r in ingest(province, DAY)}
    assert "a-broken.yaml" in results["a-broken"].failures["a-broken"]
    assert sorted(results["so-hai"].deliveries.values()) == ["refused"]
    assert sorted(results["so-mot"].deliveries.values()) == ["accepted"]
    assert rows("select sender_code, state from ops.ingest order by 1") == [("a-broken", "failed"), ("so-hai", "done"), ("so-mot", "done")]


def test_a_worker_that_lost_its_claim_commits_nothing(province: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from cchc.intake import accept as module

    send_dossiers(province, DAY, [GOOD])
    load_reference(province)
    hold = module._hold_claim

    def overtaken(cursor: object, delivery: object) -> None:
        with connect("cchc_loader") as other:
            other.execute("update ops.source set attempt = attempt + 1")
        hold(cursor, delivery)

    monkeypatch.setattr(module, "_hold_claim", overtaken)
    result = ingest_sender(province, province.province / "sources/so-mot.yaml", parse_as_of(DAY))
    assert "newer attempt" in str(result.failures)
    assert rows("select count(*) from accepted.dossier_log") == [(0,)]
    monkeypatch.setattr(module, "_hold_claim", hold)
    ingest(province, DAY)
    assert rows("select count(*) from accepted.dossier_log") == [(1,)]


def test_synthetic_rows_are_refused_in_a_real_province(province: Settings) -> None:
    path = province.province / "reference/setting.csv"
    path.write_text(path.read_text().replace("synthetic,true", "synthetic,false"))
    send_dossiers(province, DAY, [GOOD])
    assert all("synthetic" in str(r.failures) for r in ingest(province, DAY))
    assert rows("select count(*) from accepted.dossier_log") == [(0,)]


def test_a_decision_needs_a_reason_a_fitting_state_and_leaves_a_trace(province: Settings) -> None:
    send_dossiers(province, DAY, [GOOD])
    ingest(province, DAY)
    name = province.province.name
    with pytest.raises(ConfigError, match="reason"):
        decide(name, 1, "withdrawn", " ")
    with pytest.raises(DataError, match="accepted"):
        decide(name, 1, "accepted", "why")
    assert decide(name, 1, "withdrawn", "gửi nhầm", dry_run=True) == "accepted"
    assert rows(COUNTS)[0][0] == "accepted"
    decide(name, 1, "withdrawn", "gửi nhầm")
    with connect("cchc_owner") as connection:
        assert connection.execute("select what, reason from audit.event where what like 'delivery%'").fetchall() == [
            ("delivery withdrawn", "gửi nhầm")
        ]


def test_reference_mistakes_are_named_and_change_nothing(province: Settings) -> None:
    load_reference(province)
    path: Path = province.province / "reference/period.csv"
    good = path.read_text()
    path.write_text(good.replace("quarter", "quarrel", 1))
    with pytest.raises(ConfigError, match=r"period\.csv"):
        load_reference(province)
    path.write_text(good + "2013-Q9,quarter\n")
    with pytest.raises(ConfigError, match=r"period\.csv, line \d+: 2 cells"):
        load_reference(province)
    assert rows("select count(*) from reference.period where kind = 'quarrel'") == [(0,)]

"""Refused rows read again: what passes joins its own delivery, once, and everything that counts rows knows it."""

from pathlib import Path

import pytest

from cchc.clock import parse_as_of
from cchc.errors import UnreachableError
from cchc.intake.reference import load_reference
from cchc.intake.replay import replay
from cchc.night.run import run_night, take_cut
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.locks import night_lock
from test_quarantine import ONE, province, put, rows, states  # noqa: F401  (province: the fixture)
from three_feeds import answer, day, dossier, task

NEW = "X01.01.09"  # a unit that the first reference data lack
BOOKS = "select status, rows_read, rows_accepted, rows_unchanged, rows_quarantined, rows_skipped, keys_once from ops.delivery order by 1"
STORED = "select agency_code, dossier_code, _delivery, _line from accepted.dossier_log order by _line"


def unit_appears(config: Settings) -> None:
    """The province's folder names one more unit under X01.01, as after a decree."""
    path: Path = config.province / "reference/unit.csv"
    path.write_text(path.read_text() + f"{NEW},Phòng Mới,department,province,,{ONE},9,2000-01-01,test\n")
    load_reference(config)


def test_a_row_of_a_unit_that_was_missing_joins_its_delivery(province: Settings) -> None:  # noqa: F811
    put(province, "dossier_log", 0, dossier(ONE, "A"), dossier(NEW, "B"), dossier(NEW, "C", due="2013-01-01T08:00"), dossier(ONE, "D"))
    assert [one.accepted for one in replay(province)] == [0], "nothing changed yet"
    assert rows(BOOKS) == [("accepted", 4, 2, 0, 2, 0, True)]
    unit_appears(province)
    assert [(one.lines, one.accepted) for one in replay(province, dry_run=True)] == [(2, 0)]
    assert rows(BOOKS) == [("accepted", 4, 2, 0, 2, 0, True)], "a dry run changes nothing"
    assert [(one.lines, one.accepted, one.problem) for one in replay(province)] == [(2, 1, None)]
    assert rows(BOOKS) == [("accepted", 4, 3, 0, 1, 0, True)]
    assert rows(STORED) == [(ONE, "A", 1, 2), (NEW, "B", 1, 3), (ONE, "D", 1, 5)]
    assert rows("select agency_code, rows from ops.delivery_unit order by 1") == [(ONE, 2), (NEW, 1)]
    assert states() == [("01", 3, "replayed", "01"), ("01", 4, "open", None)]
    assert rows("select rule, row_key ->> 'agency_code' from quarantine.row where state = 'open'") == [("due_before_received", NEW)]
    before = rows("select * from accepted.dossier_log order by _line")
    assert [one.accepted for one in replay(province)] == [0]
    assert rows("select * from accepted.dossier_log order by _line") == before
    with connect("cchc_owner") as connection:
        told = connection.execute("select subject, reason from audit.event where what = 'quarantine replayed'").fetchall()
    assert told == [("delivery 1", "1 rows accepted, 1 still open")]


def test_a_delivery_refused_for_its_rows_comes_to_life(province: Settings) -> None:  # noqa: F811
    put(province, "dossier_log", 0, dossier(NEW, "A"), dossier(NEW, "B"))
    assert rows("select status, reason_rule from ops.delivery") == [("refused", "no_good_row")]
    unit_appears(province)
    replay(province)
    assert rows("select status, reason_rule, judged, rows_accepted from ops.delivery") == [("accepted", None, False, 2)]


def test_doubles_are_settled_with_the_rows_that_were_there(province: Settings) -> None:  # noqa: F811
    put(province, "survey_response", 0, answer(ONE, "1"), answer(ONE, "2", "hài lòng"), answer(ONE, "2"), answer(ONE, "3", "tốt"),
        answer(ONE, "3", "satisfied"))  # fmt: skip
    assert rows(BOOKS) == [("accepted", 5, 3, 0, 2, 0, True)]
    path = province.province / "sources/so-mot.yaml"
    words = "    values: {overall: {hài lòng: neutral, tốt: very_satisfied}}\n    read:"
    head, tail = path.read_text(encoding="utf-8").split("feed: survey_response\n")
    path.write_text(head + "feed: survey_response\n" + tail.replace("    read:", words, 1), encoding="utf-8")
    replay(province)
    assert rows(BOOKS) == [("accepted", 5, 2, 0, 2, 1, True)], "one exact double is dropped, two rows of one key are in conflict"
    assert rows("select response_id, overall from accepted.survey_response order by 1") == [("1", "neutral"), ("2", "neutral")]
    assert states() == [("01", 3, "replayed", "01"), ("01", 5, "open", None), ("01", 6, "open", None)]


def test_what_can_not_be_read_again_is_told(province: Settings) -> None:  # noqa: F811
    put(province, "dossier_log", 0, dossier(ONE, "A"), dossier(NEW, "B"))
    put(province, "plan_task", 0, task(ONE, "1"), task(NEW, "2"))
    put(province, "survey_response", 0, answer(ONE, "1"), answer(NEW, "2"))
    (digest,) = rows("select sha256 from ops.delivery where feed = 'dossier_log'")[0]
    (province.keys_path / f"deliveries/{digest[:2]}/{digest}.key").unlink()
    with connect("cchc_owner") as connection:
        connection.execute("update ops.delivery set contract_version = 99 where feed = 'plan_task'")
    path = province.province / "sources/so-mot.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("  survey_response:\n", "  other:\n"), encoding="utf-8")
    unit_appears(province)
    told = sorted(one.problem or "" for one in replay(province))
    assert ["key destroyed" in told[2], "version 99" in told[0], "no sender's YAML" in told[1]] == [True, True, True], told
    assert {why for _, _, why, _ in states()} == {"open"}


def test_the_facts_follow_a_replay(province: Settings) -> None:  # noqa: F811
    facts = "select dossier_code from thu_nghiem_facts.fct_dossier order by 1"
    more = [dossier(ONE, f"M{n}") for n in range(5)]
    put(province, "dossier_log", 0, dossier(ONE, "A"), dossier(NEW, "B"), *more)
    put(province, "plan_task", 0, task(ONE, "1"))
    run_night(province, parse_as_of(day(1)))
    with connect("cchc_transformer") as connection:
        assert ("B",) not in connection.execute(facts).fetchall()
    unit_appears(province)
    replay(province)
    run_night(province, parse_as_of(day(1)))
    with connect("cchc_transformer") as connection:
        assert ("B",) in connection.execute(facts).fetchall()


def test_no_replay_while_a_night_runs(province: Settings) -> None:  # noqa: F811
    with night_lock(province.province.name), pytest.raises(UnreachableError, match="another night"):
        replay(province)


def test_a_held_delivery_is_judged_again(province: Settings) -> None:  # noqa: F811
    put(province, "dossier_log", 0, dossier(ONE, "A"), dossier(NEW, "B"))
    take_cut(province, parse_as_of(day(0)))
    assert rows("select status, reason_rule from ops.delivery") == [("held", "quarantine_share")]
    unit_appears(province)
    replay(province)
    take_cut(province, parse_as_of(day(1)))
    assert rows("select status, judged from ops.delivery") == [("accepted", True)]

"""A refused row is open until something mends it, and again when what mended it no longer counts."""

import pytest

from cchc.clock import parse_as_of
from cchc.intake.decide import decide
from cchc.night.run import take_cut
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from province import write_reference
from small_night import ingest
from three_feeds import answer, budget, day, dossier, send, task, write_sender

ONE = "X01.01"
EARLY = "2013-02-01T08:00"  # due before it is received: a bad row with a good key
STATES = """select distinct d.name, q.line, q.state, q.why, q.closed_by from quarantine.row q join ops.delivery d using (delivery_id)
            order by 1, 2"""


@pytest.fixture
def province(config: Settings) -> Settings:
    write_reference(config.province)
    write_sender(config, "so-mot", ONE)
    return config


def rows(query: str) -> list[tuple]:
    with connect("cchc_loader") as connection:
        return connection.execute(query).fetchall()


def states() -> list[tuple]:
    """Day of the delivery, line, state, why, and the day of the delivery that closed it."""
    days = {number: name.split("/")[1][-2:] for number, name in rows("select delivery_id, name from ops.delivery")}
    return [(name.split("/")[1][-2:], line, why or state, days.get(by)) for name, line, state, why, by in rows(STATES)]


def put(config: Settings, feed: str, number: int, *lines: tuple, name: str = "") -> None:
    send(config, "so-mot", feed, day(number), lines, name)
    ingest(config, day(number))


def withdraw(config: Settings, number: int, status: str = "withdrawn") -> None:
    decide(config.province.name, number, status, "thử")


def test_a_correction_closes_the_row_it_mends_and_no_other(province: Settings) -> None:
    put(province, "dossier_log", 0, dossier(ONE, "A", due=EARLY), dossier(ONE, "B", due=EARLY), dossier(ONE, "C"))
    assert states() == [("01", 2, "open", None), ("01", 3, "open", None)]
    put(province, "dossier_log", 1, dossier(ONE, "A"))
    assert states() == [("01", 2, "mended", "02"), ("01", 3, "open", None)]
    put(province, "dossier_log", 2, dossier(ONE, "A", due="2013-03-12T17:00"), dossier(ONE, "B"))
    assert states() == [("01", 2, "mended", "02"), ("01", 3, "mended", "03")], "what mended first is told"
    withdraw(province, 2)
    assert states() == [("01", 2, "mended", "03"), ("01", 3, "mended", "03")]
    withdraw(province, 3)
    assert states() == [("01", 2, "open", None), ("01", 3, "open", None)]
    withdraw(province, 1)
    assert states() == [("01", 2, "withdrawn", None), ("01", 3, "withdrawn", None)]
    withdraw(province, 1, "accepted")
    withdraw(province, 3, "accepted")
    assert states() == [("01", 2, "mended", "03"), ("01", 3, "mended", "03")]


def test_an_older_version_of_a_row_mends_nothing_whenever_it_comes(province: Settings) -> None:
    put(province, "dossier_log", 0, dossier(ONE, "A", "2013-02-02T08:00", due=EARLY), dossier(ONE, "B"))
    put(province, "dossier_log", 1, dossier(ONE, "A", "2013-02-01T08:00"))
    assert states() == [("01", 2, "open", None)]
    put(province, "dossier_log", 2, dossier(ONE, "A", "2013-02-01T09:00", due=EARLY), dossier(ONE, "C"))
    assert states() == [("01", 2, "open", None), ("03", 2, "open", None)], "02 is older than 03's row too"
    put(province, "dossier_log", 3, dossier(ONE, "A", "2013-02-01T10:00"))
    assert states() == [("01", 2, "open", None), ("03", 2, "mended", "04")]


def test_a_stamp_from_after_its_arrival_does_not_keep_a_row_open(province: Settings) -> None:
    put(province, "dossier_log", 0, dossier(ONE, "A", "2031-01-01T08:00", due=EARLY), dossier(ONE, "B"))
    put(province, "dossier_log", 1, dossier(ONE, "A", "2013-03-02T08:00"))
    assert states() == [("01", 2, "mended", "02")]


def test_conflicting_rows_are_mended_by_their_key(province: Settings) -> None:
    put(province, "dossier_log", 0, dossier(ONE, "A"), dossier(ONE, "A", due="2013-03-11T17:00"), dossier(ONE, "B"))
    assert states() == [("01", 2, "open", None), ("01", 3, "open", None)]
    put(province, "dossier_log", 1, dossier(ONE, "A"))
    assert states() == [("01", 2, "mended", "02"), ("01", 3, "mended", "02")]


def test_a_row_without_a_key_is_closed_by_the_whole_file_again(province: Settings) -> None:
    put(province, "dossier_log", 0, dossier(ONE, "A"), dossier(ONE, "B"), dossier(ONE, ""), dossier("X01.02", "C"))
    put(province, "dossier_log", 1, dossier(ONE, "A"), dossier(ONE, "D"))
    assert states() == [("01", 4, "open", None), ("01", 5, "open", None)], "a file of its own mends no other"
    put(province, "dossier_log", 2, dossier(ONE, "A"), dossier(ONE, "B"), dossier(ONE, "E"), name="_lan2")
    assert states() == [("01", 4, "superseded", "03"), ("01", 5, "superseded", "03")]
    withdraw(province, 3)
    assert states() == [("01", 4, "open", None), ("01", 5, "open", None)]


def test_the_next_snapshot_closes_all_and_the_one_sent_again_counts_again(province: Settings) -> None:
    first = (task(ONE, "1"), task(ONE, "2", kind="x"), task(ONE, "3", year="hai nghìn"))
    put(province, "plan_task", 0, *first)
    put(province, "plan_task", 1, task(ONE, "1"), task(ONE, "2"), task(ONE, "4", kind="x"))
    assert states() == [("01", 3, "mended", "02"), ("01", 4, "superseded", "02"), ("02", 4, "open", None)]
    put(province, "plan_task", 2, *first)
    assert len(rows("select from ops.delivery")) == 2, "the same bytes"
    assert states() == [("01", 3, "open", None), ("01", 4, "open", None), ("02", 4, "superseded", "01")]


def test_a_window_closes_what_it_names(province: Settings) -> None:
    put(province, "finance_autonomy", 0, budget(ONE, "2013-Q1", "1"), budget(ONE, "2013-Q1", "2", "x"), budget(ONE, "2013-Q2", "1", "x"),
        budget(ONE, "quý ba", "1"))  # fmt: skip
    put(province, "finance_autonomy", 1, budget(ONE, "2013-Q2", "2"))
    assert states() == [("01", 3, "open", None), ("01", 4, "superseded", "02"), ("01", 5, "open", None)]
    put(province, "finance_autonomy", 2, budget(ONE, "2013-Q1", "2"))
    assert states() == [("01", 3, "mended", "03"), ("01", 4, "superseded", "02"), ("01", 5, "superseded", "03")]
    withdraw(province, 3)
    assert states() == [("01", 3, "open", None), ("01", 4, "superseded", "02"), ("01", 5, "open", None)]


def test_a_held_delivery_closes_nothing(province: Settings) -> None:
    put(province, "plan_task", 0, *[task(ONE, str(n)) for n in range(9)], task(ONE, "9", kind="x"))
    put(province, "plan_task", 1, task(ONE, "9"))
    assert states() == [("01", 11, "mended", "02")]
    take_cut(province, parse_as_of(day(1)))
    assert rows("select status, reason_rule from ops.delivery order by 1") == [("accepted", None), ("held", "shrunk")]
    assert states() == [("01", 11, "open", None)]
    withdraw(province, 2, "accepted")
    assert states() == [("01", 11, "mended", "02")]


def test_answers_without_a_version_follow_what_was_sent_last(province: Settings) -> None:
    put(province, "survey_response", 0, answer(ONE, "1", "x"), answer(ONE, "2"))
    put(province, "survey_response", 1, answer(ONE, "1"))
    assert states() == [("01", 2, "mended", "02")]
    put(province, "survey_response", 2, answer(ONE, "1", "x"), answer(ONE, "2"))
    assert states() == [("01", 2, "open", None)], "the bad row was said again, after the good one"


def test_no_cell_that_failed_is_kept_in_any_entry_of_its_row(province: Settings) -> None:
    put(province, "dossier_log", 0, dossier(ONE, "Mật" * 40, due="0912 345 678"), dossier(ONE, "B"))
    kept = rows("select rule, cells::text, row_key from quarantine.row order by rule")
    assert [rule for rule, _, _ in kept] == ["bad_instant", "too_long"]
    assert not [cells for _, cells, key in kept if "Mật" in cells or "0912" in cells or key]

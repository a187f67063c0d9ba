"""The night counts the warehouse against its books: each way they can differ turns its own expectation red."""

import pytest

from cchc.clock import parse_as_of
from cchc.errors import GateError
from cchc.night.run import build, gate, take_cut
from cchc.quality.marts import run_mart_suites
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from house import PROJECT
from small_night import ROWS, ingest, make_province, send_dossiers

DAY = "2013-03-31"
DAMAGE = {
    "stored_rows_as_counted": "delete from accepted.dossier_log where _line = 2",
    "refused_rows_as_counted": "delete from quarantine.row",
    "both_counts_equal": "update ops.delivery set rows_counted = rows_counted + 1",
    "units_add_up": "update ops.delivery_unit set rows = rows + 1",
}


@pytest.fixture
def taken(config: Settings) -> int:
    """The cut of a night with one good delivery that has a refused row."""
    make_province(config)
    more = [(f"B-{n}", "2013-03-01T08:00", "", "", "") for n in range(3)]  # a fifth of bad rows would hold the delivery
    send_dossiers(config, DAY, [*ROWS, *more, ("A-4", "2013-02-31T08:00", "", "", "")])
    ingest(config, DAY)
    return take_cut(config, parse_as_of(DAY))


def failing(config: Settings, cut: int, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    monkeypatch.setattr("cchc.quality.marts.mart_suites", lambda _: [PROJECT / "expectations/marts/mart_count.json"])
    with connect("cchc_transformer") as connection:
        verdicts = run_mart_suites(connection, config, "none", cut)
    assert all(verdict.failing == ("1",) for verdict in verdicts if not verdict.success), "the delivery is named"
    return {verdict.expectation for verdict in verdicts if not verdict.success}


@pytest.mark.parametrize("expectation", DAMAGE)
def test_each_difference_is_found(config: Settings, taken: int, expectation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert failing(config, taken, monkeypatch) == set()
    with connect("cchc_owner") as connection:
        connection.execute(DAMAGE[expectation])
    assert expectation in failing(config, taken, monkeypatch)


def test_a_lost_row_turns_the_night_red(config: Settings, taken: int) -> None:
    with connect("cchc_owner") as connection:
        connection.execute(DAMAGE["refused_rows_as_counted"])
    night = build(config, taken)
    with pytest.raises(GateError, match=r"mart_count\.refused_rows_as_counted"):
        gate(config, night)

"""Every expectation of every suite of the marts has a damage that it alone, or it among its kin, finds."""

import json
from collections.abc import Iterator

import psycopg
import pytest

from cchc.clock import parse_as_of
from cchc.night.run import build, take_cut
from cchc.quality.marts import mart_suites, run_mart_suites
from cchc.settings import Settings
from cchc.warehouse.connect import admin_url
from house import PROJECT, installation
from small_night import DAY, ingest, make_delivered, send_dossiers
from test_mart_count import DAMAGE as COUNT_DAMAGE

UNIT = "insert into {s}_reporting.index_unit values ('X01.01', '2013', 'thu', 1, 'department', {}, 10, {}, {}, null, true)"
FIGURE = ("insert into {s}_reporting.measure (agency_code, period_code, measure, version, dim, figure, numerator, denominator, value, "
          "status) values ('X01.01', '2013', '{}', 1, 'thu=1', 'thu', {}, 1, {}, 'A')")  # fmt: skip
DAMAGE = {
    "mart_balance.states_balance": "update {s}_reporting.measure set value = value + 1 where measure = 'received_count' and status <> 'M'",
    "mart_coverage.required_in": "update ops.coverage set required = true, state = 'absent'",
    "mart_coverage.optional_in": "update ops.coverage set required = false, state = 'late'",
    "mart_dossier.unknown_procedure": "update {s}_measures.agg_dossier_stretch set procedure_code = '9.999999'",
    "mart_dossier.finished_before_received": "update {s}_facts.fct_dossier set _flags = 'finished_before_received'",
    "mart_index.percent_bounds": UNIT.format(1, 101, 1, s="{s}"),
    "mart_index.points_within_maximum": UNIT.format(11, 50, 1, s="{s}"),
    "mart_index.all_ranked": UNIT.format(1, 50, "null", s="{s}"),
    "mart_measure.has_figures": "delete from {s}_reporting.measure",
    "mart_measure.ratio_bounds": FIGURE.format("on_time_rate", 2, 2, s="{s}"),
    "mart_measure.counts_not_negative": FIGURE.format("headcount", -1, -1, s="{s}"),
    "mart_measure.known_measures": FIGURE.format("made_up", 1, 1, s="{s}"),
    "mart_measure.value_has_numerator": FIGURE.format("headcount", "null", 1, s="{s}"),
    "mart_presence.all_marts": None,  # below: a profile that lost a row
    "mart_presence.no_empty_mart": "delete from {s}_reporting.measure",
    "mart_unit_coverage.not_over_hundred": None,  # tests/warehouse/test_expected.py
    "mart_unit_coverage.every_unit_listed": None,
} | {f"mart_count.{name}": sql for name, sql in COUNT_DAMAGE.items()}


def test_no_expectation_is_without_its_damage() -> None:
    suites = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (PROJECT / "expectations/marts").glob("*.json")}
    assert set(DAMAGE) == {f"{name}.{one['meta']['id']}" for name, suite in suites.items() for one in suite["expectations"]}


@pytest.fixture(scope="module")
def made(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, int]]:
    """A night's marts before the gate, and their cut."""
    folder = tmp_path_factory.mktemp("suites")
    (folder / "thu-nghiem/sources").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch, installation(server, folder, folder / "thu-nghiem", patch) as config:
        make_delivered(config)
        yield config, _built(config)


def _built(config: Settings) -> int:
    more = [(f"B-{n}", "2013-03-01T08:00", "", "", "") for n in range(6)]
    send_dossiers(config, DAY, [*more, ("A-9", "2013-02-31T08:00", "", "", "")], name="dossier-2")
    ingest(config, DAY)
    cut = take_cut(config, parse_as_of(DAY))
    build(config, cut)
    return cut


@pytest.fixture
def built(made: tuple[Settings, int]) -> Iterator[tuple[psycopg.Connection, Settings, int]]:
    """The marts, and a connection whose damage is rolled back."""
    config, cut = made
    with psycopg.connect(admin_url(config)) as connection:
        yield connection, config, cut


def failing(connection: psycopg.Connection, config: Settings, cut: int) -> set[str]:
    verdicts = run_mart_suites(connection, config, "thu_nghiem", cut)
    return {f"{verdict.suite}.{verdict.expectation}" for verdict in verdicts if not verdict.success}


def test_every_damage_is_found(built: tuple[psycopg.Connection, Settings, int], monkeypatch: pytest.MonkeyPatch) -> None:
    connection, config, cut = built
    sound = failing(connection, config, cut)
    assert sound == set()
    missed = []
    for expectation, sql in DAMAGE.items():
        if sql:
            connection.execute(sql.replace("{s}", "thu_nghiem").encode())
            missed += [expectation] if expectation not in failing(connection, config, cut) else []
            connection.rollback()
    assert missed == []


def test_a_profile_that_lost_a_mart_is_found(built: tuple[psycopg.Connection, Settings, int], monkeypatch: pytest.MonkeyPatch) -> None:
    connection, config, cut = built
    presence = next(path for path in mart_suites(config) if path.stem == "mart_presence")
    copy = config.home / presence.name
    copy.write_text(presence.read_text(encoding="utf-8"), encoding="utf-8")
    shorter = presence.with_suffix(".sql").read_text(encoding="utf-8").replace("union all select 'coverage'", "-- ")
    copy.with_suffix(".sql").write_text(shorter, encoding="utf-8")
    monkeypatch.setattr("cchc.quality.marts.mart_suites", lambda _: [copy])
    assert failing(connection, config, cut) == {"mart_presence.all_marts"}

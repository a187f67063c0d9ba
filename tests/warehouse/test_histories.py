"""Any rows, in any order, re-sent, corrected, withdrawn: the warehouse ends where a plain-Python model ends.

Many histories are packed into one province, each with senders and units of its own: one dbt run judges them all. The
examples are derandomised: the same on every machine, a failing one is printed.
"""

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cchc.clock import parse_as_of
from cchc.intake.decide import decide
from cchc.intake.reference import load_reference
from cchc.intake.run import ingest_sender
from cchc.night.cut import take_cut
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from dbt_fixture import Warehouse
from history_model import WORDS, History, Line, books, cells, facts, model, states
from province import UNIT_HEADER, write_csv, write_reference
from three_feeds import day, send, write_sender

UNITS = 400
FACTS = {
    "dossier_log": "select dossier_code, extract(day from due_by)::int - 10 from {s}_facts.fct_dossier where agency_code = %s",
    "survey_response": "select response_id, overall from {s}_facts.fct_survey_response where agency_code = %s",
    "plan_task": "select task_code, right(title, 1)::int from {s}_facts.fct_plan_task where agency_code = %s",
}
FEW = settings(
    max_examples=3, derandomize=True, deadline=None, database=None, print_blob=True, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip

line = st.builds(
    Line, key=st.sampled_from("ABCD"), payload=st.integers(0, 2), stamp=st.integers(0, 3),
    kind=st.sampled_from(["good", "good", "good", "bad", "keyless"]),
)  # fmt: skip


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Up to four files that arrive once or twice; stamps of different files differ."""
    feed = draw(st.sampled_from(sorted(FACTS)))
    drawn = draw(st.lists(st.lists(line, max_size=5).map(tuple), min_size=1, max_size=4))
    files = [tuple(replace(row, stamp=row.stamp + 4 * n) for row in rows) for n, rows in enumerate(drawn)]
    written = [tuple(cells(feed, "", row) for row in rows) for rows in files]
    files = [rows for n, rows in enumerate(files) if written[n] not in written[:n]]  # the same bytes are the same delivery
    first = draw(st.permutations(range(len(files))))
    again = draw(st.lists(st.sampled_from(range(len(files))), max_size=2))
    withdrawn = draw(st.frozensets(st.sampled_from(range(len(files))), max_size=2))
    return History(feed, tuple(files), (*first, *again), withdrawn)


@pytest.fixture
def world(config: Settings) -> "World":
    return World(config)


class World:
    """A province of many units; every play of a history is a sender of its own."""

    def __init__(self, config: Settings):
        self.config, self.numbers = config, count(1)
        write_reference(config.province)
        units = [("X01", "Tỉnh", "province", "province", "", "", 0)]
        units += [(f"X01.{n:03d}", f"Đơn vị {n}", "department", "province", "department", "X01", n) for n in range(1, UNITS)]
        write_csv(config.province / "reference/unit.csv", UNIT_HEADER, [[*unit, "2000-01-01", "test"] for unit in units])
        load_reference(config)

    def play(self, history: History, at_once: bool) -> str:
        """Send the files in their order and withdraw in the end; returns the sender's unit. `at_once`: taken in together."""
        number = next(self.numbers)
        unit, sender = f"X01.{number:03d}", f"s{number:03d}"
        write_sender(self.config, sender, unit)
        path = self.config.province / f"sources/{sender}.yaml"
        for moment, place in enumerate(history.arrivals):
            rows = [cells(history.feed, unit, row) for row in history.files[place]]
            send(self.config, sender, history.feed, day(moment), rows, f"_{place}")
            if not at_once or moment == len(history.arrivals) - 1:
                assert ingest_sender(self.config, path, parse_as_of(day(moment))).failures == {}
        for place, (delivery, status, *_) in self.found(unit, history.feed).items():
            if place in history.withdrawn and status == "accepted":
                decide(self.config.province.name, delivery, "withdrawn", "thử")
        return unit

    def found(self, unit: str, feed: str) -> dict[int, tuple]:
        """File → delivery, status, counts."""
        with connect("cchc_loader") as connection:
            rows = connection.execute(
                """select d.name, delivery_id, status, rows_read, rows_accepted + rows_unchanged, rows_quarantined, rows_skipped
                   from ops.delivery d join ops.source s using (source_id) where s.sender_code = %s and d.feed = %s""",
                (unit, feed),
            ).fetchall()
        return {int(name.removesuffix(".csv").rsplit("_", 1)[1]): tuple(rest) for name, *rest in rows}

    def refused(self, unit: str, feed: str) -> dict[tuple[int, int], str]:
        """(file, line) → state of the refused rows."""
        files = {row[0]: place for place, row in self.found(unit, feed).items()}
        with connect("cchc_loader") as connection:
            rows = connection.execute(
                "select distinct delivery_id, line, coalesce(why, state) from quarantine.row where delivery_id = any(%s)", (list(files),)
            )
            return {(files[delivery], number): state for delivery, number, state in rows}

    def build(self) -> Warehouse:
        """The facts of all histories so far, by the night's own cut and models; the suites' verdicts have tests of their own."""
        with connect("cchc_loader") as connection:
            connection.execute("update ops.delivery set judged = true")
        as_of = parse_as_of(day(20))
        cut = take_cut(self.config, as_of)
        warehouse = Warehouse(self.config)
        warehouse.dbt("run", "--select", "+fct_dossier", "+fct_survey_response", "+fct_plan_task", as_of=as_of, cut=cut)
        return warehouse


def check(world: World, drawn: list[History], data: st.DataObject) -> None:
    """Each history as drawn, and once more in another order that its versions allow."""
    plays = []
    for history in drawn:
        plays.append((history, world.play(history, at_once=False)))
        other = history
        if history.feed == "dossier_log":  # its own stamps order the rows: any order of arrival will do
            other = replace(history, arrivals=tuple(data.draw(st.permutations(history.arrivals))))
        plays.append((other, world.play(other, at_once=True)))
    warehouse = world.build()
    for history, unit in plays:
        taken = model(history)
        assert {place: row[1:] for place, row in world.found(unit, history.feed).items()} == books(taken), history
        assert world.refused(unit, history.feed) == states(history.feed, taken), history
        assert current(warehouse, history.feed, unit) == facts(history.feed, taken), history
    for (history, unit), (_, again) in zip(plays[::2], plays[1::2], strict=True):
        assert current(warehouse, history.feed, unit) == current(warehouse, history.feed, again), history
        keyed = [{place for place, state in world.refused(u, history.feed).items() if state == "mended"} for u in (unit, again)]
        assert keyed[0] == keyed[1], history


def current(warehouse: Warehouse, feed: str, unit: str) -> dict[str, int]:
    return {key: WORDS.index(value) if feed == "survey_response" else value for key, value in warehouse.rows(FACTS[feed], unit)}


@FEW
@given(drawn=st.lists(histories(), min_size=4, max_size=6), data=st.data())
def test_a_few_histories(world: World, drawn: list[History], data: st.DataObject) -> None:
    check(world, drawn, data)


@pytest.mark.long
@settings(FEW, max_examples=6)
@given(drawn=st.lists(histories(), min_size=10, max_size=10), data=st.data())
def test_fifty_histories(world: World, drawn: list[History], data: st.DataObject) -> None:
    check(world, drawn, data)

"""A chain of small nights and a build from nothing give the same facts, counts, measures and duties, whatever came.

Each history is a unit's own: dossiers that come, change, come late, in old versions or not at all any more, in deliveries
that are withdrawn and let in again. All histories share the nights, so one chain judges them all. Seeds are fixed.
"""

from datetime import datetime, timedelta
from random import Random

import pytest

from cchc.clock import parse_as_of
from dbt_fixture import PROVINCE, Row, Warehouse, installation
from province import UNIT_HEADER

NIGHTS = [parse_as_of(text) for text in ("2013-03-31", "2013-05-15T12:00+07:00", "2013-05-15T18:00+07:00", "2013-10-02")]
FOLLOWED = ("facts.fct_dossier", "measures.agg_dossier_day", "measures.agg_dossier_late", "measures.agg_dossier_apology")
CHECKED = (*FOLLOWED, "measures.dossier_period", "measures.agg_dossier_overdue", "reporting.measure", "reporting.compliance")
CODES = [f"H-{number}" for number in range(12)]


def test_three_histories(server: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    chain_equals_whole(server, tmp_path_factory, histories=3)


@pytest.mark.long
def test_fifty_histories(server: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    chain_equals_whole(server, tmp_path_factory, histories=50)


def chain_equals_whole(server: str, folders: pytest.TempPathFactory, histories: int) -> None:
    """Four nights, each built upon the one before; then the last one from nothing."""
    with installation(server, folders.mktemp("chain")) as warehouse:
        senders = [f"{PROVINCE}.{number:02d}" for number in range(1, histories + 1)]
        warehouse.load_reference(unit=[dict(zip(UNIT_HEADER, row, strict=True)) for row in _units(senders)])
        randoms = {sender: Random(f"chain {sender}") for sender in senders}
        cut = 0
        for number, as_of in enumerate(NIGHTS):
            for sender, random in randoms.items():
                _day(warehouse, sender, random, as_of)
            before, cut = cut, warehouse.cut(as_of)
            assert warehouse.build(as_of, cut, before) == []
            if number:
                followed = [warehouse.rows(f"select since_cut_id from {{s}}_{name}__made") for name in FOLLOWED]
                assert followed == [[(before,)]] * len(FOLLOWED), "a night was built from nothing: nothing is compared"
        grown = {relation: warehouse.table(relation) for relation in CHECKED}
        assert len(grown["facts.fct_dossier"]) > 3 * histories
        assert warehouse.build(NIGHTS[-1], cut, 0) == []
        for relation in CHECKED:
            assert warehouse.table(relation) == grown[relation], relation


def _units(senders: list[str]) -> list[list]:
    rows = [[PROVINCE, "Tỉnh", "province", "province", "", "", 0]]
    rows += [[sender, f"Đơn vị {sender}", "department", "province", "department", PROVINCE, n] for n, sender in enumerate(senders, 1)]
    return [[*row, "2000-01-01", "test"] for row in rows]


def _day(warehouse: Warehouse, sender: str, random: Random, as_of: datetime) -> None:
    """What a sender does before a night: send up to two files, and have earlier ones withdrawn or let in again."""
    for _ in range(random.randint(0, 2)):
        arrived = as_of - timedelta(minutes=random.randint(1, 3000))
        rows = [_dossier(random, sender, code, arrived) for code in random.sample(CODES, random.randint(1, 6))]
        warehouse.deliver(sender, "dossier_log", rows, arrived)
    own = {delivery for delivery, who, *_ in warehouse.delivered if who == sender}
    if own and random.random() < 0.4:
        warehouse.withdrawn ^= {random.choice(sorted(own))}


def _dossier(random: Random, sender: str, code: str, arrived: datetime) -> Row:
    """A dossier as its source knows it some time before the file arrives; often due on the day of a night."""
    received = arrived - timedelta(hours=random.randint(1, 3000))
    due = random.choice([received + timedelta(hours=random.randint(1, 900)), *NIGHTS, None])
    finished = random.choice([None, received + (arrived - received) * random.random()])
    late = finished is not None and due is not None and finished > due
    return {
        "agency_code": sender, "dossier_code": code, "channel": random.choice(["online", "desk"]), "received_at": received,
        "due_by": None if due is None else max(due, received), "finished_at": finished,
        "closed_as": random.choice([None, None, None, "returned", "stopped"]), "has_error": random.random() < 0.2,
        "apology_on": (finished + timedelta(days=random.randint(0, 90))).date() if late and random.random() < 0.6 else None,
        "fee_due": random.choice([None, 1000]), "fee_collected": random.choice([None, 1000, 500]),
        "_version": arrived - timedelta(hours=random.randint(0, 2000)),
    }  # fmt: skip

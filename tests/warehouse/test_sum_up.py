"""Right after an intake the block range index knows every row, so that one delivery is found without reading the table."""

from cchc.intake.reference import load_reference
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.roles import LOADER
from cchc.warehouse.sum_up import know_tables, sum_up
from province import write_reference

ROWS = """insert into accepted.staff (agency_code, staff_id, kind, in_post_from, _delivery, _line, _version)
          select 'X01', repeat('x', 60) || n, 'civil_servant', '2013-01-01', n / 1000, n, '2013-01-01' from generate_series(1, 60000) n"""
ONE = "explain (analyze, format json) select count(*) from accepted.staff where _delivery = 30"


def pages_read(config: Settings) -> int:
    with connect(LOADER) as connection:
        connection.execute("set local enable_seqscan = off")
        plan = connection.execute(ONE).fetchone()[0][0]["Plan"]
    scans = [plan]
    for scan in scans:
        scans += scan.get("Plans", [])
    return sum(scan.get("Lossy Heap Blocks", 0) + scan.get("Exact Heap Blocks", 0) for scan in scans)


def test_a_delivery_is_found_in_its_own_ranges_once_they_are_summed_up(config: Settings) -> None:
    with connect(LOADER) as connection:
        connection.execute(ROWS)
    before = pages_read(config)
    sum_up(["staff"])
    know_tables()
    assert before > 800
    assert pages_read(config) < 100
    with connect(LOADER) as connection:
        assert connection.execute("select reltuples from pg_class where oid = 'accepted.staff'::regclass").fetchone()[0] > 50_000


def test_the_planner_knows_reference_tables_that_were_just_loaded(config: Settings) -> None:
    write_reference(config.province)
    load_reference(config)
    known = "select reltuples from pg_class where oid = 'reference.calendar_day'::regclass"
    with connect(LOADER) as connection:
        assert connection.execute(known).fetchone()[0] < 1000
    know_tables()
    with connect(LOADER) as connection:
        assert connection.execute(known).fetchone()[0] > 1000

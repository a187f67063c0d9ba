"""The database goes away in the middle of a build: unreachable, tried again, and never a red night."""

import threading

import psycopg
import pytest

from cchc.clock import parse_as_of
from cchc.errors import UnreachableError
from cchc.night.run import build, freeze, gate, take_cut
from cchc.settings import Settings
from cchc.warehouse.connect import admin_url
from small_night import ingest, make_province, send_dossiers, send_staff

DAY = "2013-03-31"
ROWS = [("A-1", "2013-03-01T08:00", "2013-03-10T17:00", "2013-03-05T10:00", "")]
END = """select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
           and exists (select from pg_stat_activity where datname = current_database() and application_name = 'dbt'
                         and state = 'active' and query ilike '%create%table%')"""


def end_all_sessions(done: threading.Event, ended: list[int]) -> None:
    """End every session, also the one that holds the night's lock, as soon as dbt makes a table."""
    with psycopg.connect(admin_url(), autocommit=True) as admin:
        while not (done.is_set() or ended):
            ended += [1 for _ in admin.execute(END).fetchall()]


def test_a_database_lost_while_building_is_unreachable_and_the_next_try_ends_well(config: Settings) -> None:
    make_province(config)
    for sender in ("so-mot", "so-hai"):
        send_dossiers(config, DAY, ROWS, sender)
        send_staff(config, DAY, 10, sender)
    ingest(config, DAY)
    cut_id = take_cut(config, parse_as_of(DAY))
    done, ended = threading.Event(), []
    hunter = threading.Thread(target=end_all_sessions, args=(done, ended))
    hunter.start()
    try:
        with pytest.raises(UnreachableError, match="went away"):
            build(config, cut_id)
    finally:
        done.set()
        hunter.join()
    assert len(ended) >= 2, "dbt's session and the night's lock"
    with psycopg.connect(admin_url()) as admin:
        assert admin.execute("select state, reason from ops.night").fetchall() == [("running", None)]
    night_id = build(config, cut_id)
    gate(config, night_id)
    assert freeze(config, night_id)

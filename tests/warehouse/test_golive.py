"""History before go-live: taken in and counted like any other, and told apart by one function."""

from datetime import date

import pytest

from cchc.clock import parse_as_of
from cchc.errors import ConfigError
from cchc.intake.reference import load_reference
from cchc.night.run import run_night
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.golive import go_live_on, is_history
from province import write_reference
from small_night import ingest, make_province, send_dossiers, send_staff

ROWS = [("A-1", "2012-03-01T08:00", "2012-03-10T17:00", "2012-03-05T10:00", "")]


def test_history_loads_and_counts_in_the_figures_of_its_periods(config: Settings) -> None:
    make_province(config)
    write_reference(config.province, go_live_on="2013-07-01")
    for sender in ("so-mot", "so-hai"):
        send_dossiers(config, "2013-06-30", ROWS, sender)
        send_staff(config, "2013-06-30", 10, sender)
    assert {status for result in ingest(config, "2013-06-30") for status in result.deliveries.values()} == {"accepted"}
    release = run_night(config, parse_as_of("2013-06-30")).release_id
    with connect("cchc_reader") as connection:
        rows = connection.execute(
            """select agency_code, numerator, denominator from release.measure join release.manifest_partition using (partition_id)
               where release_id = %s and measure = 'on_time_rate' and period_code = '2012-Q1' and dim = '' and denominator > 0""",
            (release,),
        ).fetchall()
    assert ("X01.01", 1, 1) in rows and ("X01.02", 1, 1) in rows
    with connect("cchc_loader") as connection:
        live = go_live_on(connection, config.province.name)
        assert live == date(2013, 7, 1)
        ends = connection.execute("select max(ends_on) filter (where ends_on < %s), count(*) from reference.period", (live,)).fetchone()
        assert ends is not None and ends[1] > 0
        assert connection.execute("select count(*) from ops.outbox").fetchone() == (0,), "nobody was written to"
    assert is_history(ends[0], live)


def test_the_bounds_and_a_wrong_setting(config: Settings) -> None:
    assert is_history(date(2013, 6, 30), date(2013, 7, 1))
    assert not is_history(date(2013, 7, 1), date(2013, 7, 1))
    assert not is_history(date(2000, 1, 1), None)
    write_reference(config.province)
    load_reference(config)
    with connect("cchc_loader") as connection:
        assert go_live_on(connection, config.province.name) is None
    write_reference(config.province, go_live_on="01/07/2013")
    with pytest.raises(ConfigError, match="go_live_on is '01/07/2013'"):
        load_reference(config)

"""Which reports the calendar asks for."""

import json
from datetime import UTC, datetime

from cchc.reports.due import due_periods
from cchc.reports.run import print_report
from report_sample import PERIOD, config_fixture, notes, warehouse_fixture, write_release  # noqa: F401


def jobs(config) -> list[dict[str, str]]:
    first = f"{config.province.name}.2013-12-31.1"
    return [{"period": PERIOD, "release_id": first}, {"period": "2013", "release_id": first}]


def due(config, release_id=None):
    return sorted(due_periods(config, release_id), key=lambda job: -len(job["period"]))


def test_an_ended_period_is_due_once_from_the_first_release_that_covers_it(config):
    write_release(config.province.name, 1)
    write_release(config.province.name, 2, as_of=datetime(2014, 1, 2, tzinfo=UTC))
    assert due(config) == jobs(config)
    print_report(config, PERIOD, release_id=jobs(config)[0]["release_id"], formats=("json",))
    assert due(config) == jobs(config)[1:]


def test_a_draft_of_one_agency_is_not_the_province_s(config):
    write_release(config.province.name)
    print_report(config, PERIOD, scope="H52.02", formats=("json",))
    assert due(config) == jobs(config)


def test_a_period_that_has_not_ended_is_not_due(config):
    write_release(config.province.name, as_of=datetime(2013, 12, 31, 16, 0, tzinfo=UTC))  # 23:00 of its last day
    assert due(config) == []


def test_a_period_long_past_its_deadline_is_printed_on_demand_only(config):
    write_release(config.province.name, as_of=datetime(2014, 2, 20, 12, tzinfo=UTC))  # 31 days after 20/01/2014
    assert due(config) == jobs(config)
    write_release(config.province.name, 2, as_of=datetime(2014, 2, 21, 12, tzinfo=UTC))
    assert due(config, f"{config.province.name}.2013-12-31.2") == []


def test_months_and_nine_months_are_printed_on_demand_only(config):
    words = notes()
    for kind in ("month", "nine_months", "day"):
        words["periods"][PERIOD]["kind"] = kind
        write_release(config.province.name, len(kind), notes=json.dumps(words))
        assert [job["period"] for job in due_periods(config, f"{config.province.name}.2013-12-31.{len(kind)}")] == ["2013"]


def test_under_cv_581_the_fourth_quarter_is_part_of_the_year_s_report(config):
    words = notes()
    for period in words["periods"].values():
        period["regime"] = "cv-581"
    write_release(config.province.name, notes=json.dumps(words))
    assert [job["period"] for job in due_periods(config)] == ["2013"]

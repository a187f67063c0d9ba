"""Freshness, distribution and drift: what a delivery's rows say of it as a whole, and what the suite says to that."""

import pytest

from cchc.clock import parse_as_of
from cchc.night.cut import take_cut
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from province import write_csv, write_reference
from small_night import ingest

SOURCE = """\
sender: X01
synthetic: true
sources:
  dossiers:
    feed: dossier_log
    contract: 2
    every: month
    due_precision: time
    connect: {kind: file_drop, glob: "tinh/*/*.csv", arrived: "([0-9-]{10})"}
    read: {kind: csv}
"""
HEADER = ["Mã cơ quan", "Mã hồ sơ", "Mã thủ tục", "Hình thức nộp", "Ngày tiếp nhận", "Ngày hẹn trả"]


@pytest.fixture
def province(config: Settings) -> Settings:
    write_reference(config.province)
    (config.province / "sources/tinh.yaml").write_text(SOURCE, encoding="utf-8")
    return config


def send(
    config: Settings, day: str, received: str, channels: list[str], units: tuple[str, ...] = ("X01.01", "X01.02"), due: str = "x"
) -> None:
    """One dossier per channel in turn for the units, all received on one day but the first, which is older."""
    days = ["2012-12-03", *[received] * len(channels)]
    rows = [
        [units[n % len(units)], f"{day}-{n}", "1.000894", channel, f"{days[n]}T08:00", f"{days[n]}T17:00" if due else ""]
        for n, channel in enumerate(channels)
    ]
    write_csv(config.inbox_path / "tinh" / day / "d.csv", HEADER, rows)


def statistics(number: int) -> dict[str, str]:
    with connect("cchc_loader") as connection:
        found = connection.execute(
            "select statistic, trim_scale(value)::text from ops.delivery_statistic where delivery_id = %s", (number,)
        )
        return {name: value for name, value in found if name.split(".")[0] in ("age_days", "share")}


def failing(config: Settings, day: str) -> list[tuple]:
    """The expectations that fail at the night of `day`, with the delivery that they speak of."""
    take_cut(config, parse_as_of(day))
    with connect("cchc_loader") as connection:
        return connection.execute(
            """select expectation, subject from ops.suite_result join ops.night using (night_id)
               where as_of = %s and not success order by 1""",
            (parse_as_of(day),),
        ).fetchall()


def test_age_and_shares_are_of_the_accepted_rows(province: Settings) -> None:
    send(province, "2013-03-31", "2013-03-11", ["online", "desk", "desk", "post", "nowhere"])
    ingest(province, "2013-03-31")
    assert statistics(1) == {"age_days.received_at": "20", "share.channel.online": "0.25"}


def test_a_stale_file_and_a_changed_one_are_warned_of(province: Settings) -> None:
    send(province, "2013-01-31", "2013-01-20", ["desk"] * 6)
    ingest(province, "2013-01-31")
    assert failing(province, "2013-01-31") == []
    send(province, "2013-03-31", "2013-01-21", ["online"] * 6, units=("X01.01",), due="")
    ingest(province, "2013-03-31")
    warned = ["due_completeness", "due_drift", "online_drift", "stale", "units_missing"]
    assert failing(province, "2013-03-31") == [(name, "2") for name in warned]
    send(province, "2013-04-30", "2013-04-20", ["online"] * 6)
    ingest(province, "2013-04-30")
    assert failing(province, "2013-04-30") == []


def test_a_delivery_on_the_bounds_passes(province: Settings) -> None:
    send(province, "2013-01-31", "2013-01-20", ["desk", "desk", "online", "online"])
    ingest(province, "2013-01-31")
    send(province, "2013-03-31", "2013-02-14", ["online"] * 4)
    ingest(province, "2013-03-31")
    assert statistics(2) == {"age_days.received_at": "45", "share.channel.online": "1"}
    assert failing(province, "2013-03-31") == []

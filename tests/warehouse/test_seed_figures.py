"""Figures that the directives themselves state, out of deliveries through the product: one night as of 31/8/2016.

The counts come from the texts; which task or unit stands behind each count is constructed.
"""

from decimal import Decimal

import pytest

from cchc.clock import parse_as_of
from cchc.night.explain import explain
from cchc.warehouse.connect import connect
from dbt_fixture import PROVINCE, Warehouse, installation
from house import SHARED
from province import UNIT_HEADER, UNITS

AS_OF = parse_as_of("2016-08-31")
SIX = {  # LA §I.3: the units by name; their stages and days are constructed
    "Huyện Đức Hòa": {"modern_one_stop_live_on": "2014-09-30"},
    "Huyện Bến Lức": {"modern_one_stop_live_on": "2014-12-31"},
    "Huyện Cần Giuộc": {"modern_one_stop_approved_on": "2014-10-01", "modern_one_stop_live_on": "2015-03-01"},
    "Huyện Cần Đước": {"modern_one_stop_appraised_on": "2014-06-30"},
    "Thị xã Kiến Tường": {"modern_one_stop_scheme_on": "2014-02-15"},
    "Thành phố Tân An": {"modern_one_stop_live_on": "2013-12-01"},
}
PERIODS = {"2014": ("year", "2014-01-01", "2014-12-31"), "2015": ("year", "2015-01-01", "2015-12-31"),
           "2016": ("year", "2016-01-01", "2016-12-31"),
           "2016-Q3": ("quarter", "2016-07-01", "2016-09-30"), "P2016-2020": ("programme", "2016-01-01", "2020-12-31")}  # fmt: skip


def _units() -> list[dict]:
    rows = [[*row, "2000-01-01", "test"] for row in UNITS]
    rows += [[f"X01.4{n}", name, "district", "district", "district", PROVINCE, 40 + n, "2000-01-01", "test"] for n, name in enumerate(SIX)]
    return [dict(zip(UNIT_HEADER, row, strict=True)) for row in rows]


def _tasks() -> list[dict]:
    """AG-1319: 59 tasks of the year's plan, 38 finished by 31/8; of the programme 2016-2020 a fifth."""
    plan = [{"plan_kind": "par", "finished_on": "2016-08-31" if n < 38 else "2016-09-01" if n < 40 else None} for n in range(59)]
    programme = [{"plan_kind": "programme", "programme_code": "P2016-2020", "programme_to_year": 2020,
                  "finished_on": "2016-06-30" if n < 10 else None} for n in range(50)]  # fmt: skip
    return [{"agency_code": PROVINCE, "plan_year": 2016, "task_code": str(n), "title": "Nhiệm vụ"} | row
            for n, row in enumerate(plan + programme)]  # fmt: skip


def _ranks() -> list[dict]:
    """AG-1319, preamble: 15th in 2014, 31st in 2015, though with more points; the points are constructed, others' lines too."""
    told = [("2014", "Tỉnh Thử nghiệm", 15, "80.5"), ("2015", "Thử nghiệm", 31, "82"), ("2015", "Tỉnh khác", 1, "95")]
    return [{"agency_code": PROVINCE, "period": year, "index_code": "PAR-INDEX", "subject": subject, "criterion": "total", "rank": rank,
             "points": points} for year, subject, rank, points in told]  # fmt: skip


@pytest.fixture(scope="module")
def built(server, tmp_path_factory):
    periods = [{"period_code": code, "kind": kind, "regime": "test", "starts_on": first, "ends_on": last, "due_on": last}
               for code, (kind, first, last) in PERIODS.items()]  # fmt: skip
    with installation(server, tmp_path_factory.mktemp("dbt")) as warehouse:
        warehouse.load_reference(unit=_units(), period=periods)
        warehouse.deliver(PROVINCE, "plan_task", _tasks(), AS_OF)
        listed = [{"agency_code": f"X01.4{n}", "modern_one_stop_listed": True} | days for n, days in enumerate(SIX.values())]
        warehouse.deliver(PROVINCE, "organisation", listed, AS_OF)
        warehouse.deliver(PROVINCE, "national_index", _ranks(), AS_OF)
        cut = warehouse.cut(AS_OF)
        assert warehouse.build(AS_OF, cut) == []
        with connect("cchc_transformer") as connection:
            connection.execute("insert into ops.night (province, as_of, cut_id, started_at, state) values (%s, %s, %s, %s, 'built')",
                               (warehouse.config.province.name, AS_OF, cut, AS_OF))  # fmt: skip
        yield warehouse


def test_an_giang_had_finished_38_of_59_tasks_by_the_end_of_august(built: Warehouse):
    """AG-1319 §1: 38/59 tasks, 64 %, as of 31/8/2016; to date, for the year is not over."""
    assert "38/59" in (SHARED / "domain/seeds/AG-1319_an-giang_1319-UBND-TH_2016.txt").read_text(encoding="utf-8")
    for period in ("2016", "2016-Q3"):
        assert built.measure("plan_completion_rate", PROVINCE, period) == (38, 59, "P")
    found = explain(built.config, "plan_completion_rate", PROVINCE, "2016")
    assert (found.adds_up, len(found.rows), round(found.figure["value"], 2)) == (True, 59, Decimal("0.64"))


def test_an_giang_had_finished_a_fifth_of_the_programme(built: Warehouse):
    """AG-1319 §1: 20 % of the programme 2016-2020 (the counts are constructed)."""
    assert built.measure("programme_completion_rate", PROVINCE, "P2016-2020") == (10, 50, "P")
    assert built.measure("programme_completion_rate", PROVINCE, "2016") == (10, 50, "P")


def test_long_an_s_six_units_stand_by_name_and_stage_at_the_end_of_2014(built: Warehouse):
    """LA §I.3: six named units, a pilot by 31/12/2014; every unit with its stage then, and the day it reached it."""
    assert built.measure("modern_one_stop_rate", PROVINCE, "2014") == (3, 6, "A")
    found = explain(built.config, "modern_one_stop_rate", PROVINCE, "2014")
    names = dict(built.rows("select agency_code, name_vi from reference.unit"))
    stages = {names[row["agency_code"]]: (row["dims"][0].removeprefix("stage="), row["numerator"]) for row in found.rows}
    assert stages == {
        "Huyện Đức Hòa": ("live", 1), "Huyện Bến Lức": ("live", 1), "Huyện Cần Giuộc": ("approved", 0), "Huyện Cần Đước": ("appraised", 0),
        "Thị xã Kiến Tường": ("scheme", 0), "Thành phố Tân An": ("live", 1),
    }  # fmt: skip
    assert all(row["row"].items() >= SIX[names[row["agency_code"]]].items() for row in found.rows)
    query = """select dim, denominator::int from {s}_reporting.measure where measure = 'modern_one_stop_rate' and agency_code = %s
               and period_code = '2014' and dim like 'stage=%%' and dim not like '%%,%%' order by 1"""
    by_stage = built.rows(query, PROVINCE)
    assert by_stage == [("stage=appraised", 1), ("stage=approved", 1), ("stage=live", 3), ("stage=scheme", 1)]


def test_an_giang_fell_from_the_15th_to_the_31st_place_though_with_more_points(built: Warehouse):
    """AG-1319, preamble; the index of a year is that year's figure, whenever it was announced."""
    assert "từ hạng 15 năm 2014 xuống hạng 31 năm 2015" in (SHARED / "domain/seeds/AG-1319_an-giang_1319-UBND-TH_2016.txt").read_text(
        encoding="utf-8"
    )
    found = [built.measure(name, PROVINCE, "2015")[0] for name in ("national_rank", "national_rank_change", "national_score_change")]
    assert found == [31, 16, Decimal("1.5")]
    assert built.measure("national_rank", PROVINCE, "2014") == (15, None, "A")
    assert built.measure("national_rank_change", PROVINCE, "2014") == (None, None, "M"), "nothing is known of 2013"

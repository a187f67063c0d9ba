"""The demonstration province's reference CSVs and sources: complete, unique, and in step with each other."""

import csv
import json
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from demo_files import PROVINCE, senders

from cchc.demo.province import Province

PROJECT = Path(__file__).resolve().parents[2]
FEEDS = PROJECT / "plugins/cchc/contracts/feeds"
TABLES = (
    "unit", "calendar_day", "period", "directive", "obligation", "criterion", "grade", "contact", "user_scope", "setting",
    "delivery_calendar",
)  # fmt: skip
T = {name: Province(PROVINCE).reference(name) for name in TABLES}
UNITS = {row["agency_code"]: row for row in T["unit"]}
LEAVES = [row for row in T["criterion"] if row["parent"]]
BLOCKS = ("department", "district")


def days(rows: list[dict], column: str) -> list[date]:
    return [date.fromisoformat(row[column]) for row in rows]


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("unit", ["agency_code"]), ("unit", ["sort_rank"]), ("calendar_day", ["day"]), ("period", ["period_code"]),
        ("directive", ["directive"]), ("obligation", ["obligation", "directive", "measure", "applies_to"]),
        ("criterion", ["framework", "version", "block", "code"]), ("grade", ["framework", "version", "block", "lower_bound"]),
        ("contact", ["role", "email"]), ("setting", ["name"]), ("delivery_calendar", ["feed", "period_kind", "applies_to"]),
        ("user_scope", ["agency_code", "user_name", "role", "valid_from"]),
    ],
)  # fmt: skip
def test_keys_are_unique(table: str, key: list[str]):
    keys = [tuple(row[column] for column in key) for row in T[table]]
    assert len(set(keys)) == len(keys) > 0


def test_thirty_scored_bodies_and_204_communes():
    assert Counter(row["kind"] for row in T["unit"]) == {"province": 1, "department": 18, "district": 12, "commune": 204}
    assert Counter(row["block"] for row in T["unit"]) == {"": 205, "department": 18, "district": 12}
    levels = {"province": "province", "department": "province", "district": "district", "commune": "commune"}
    assert all(row["level"] == levels[row["kind"]] for row in T["unit"])


def test_every_unit_has_its_parent_its_code_under_it_and_a_source():
    for row in T["unit"]:
        parent = UNITS.get(row["parent_code"])
        assert row["source"]
        if row["kind"] == "province":
            assert parent is None
        else:
            assert row["agency_code"].rpartition(".")[0] == parent["agency_code"]
            assert parent["kind"] == ("district" if row["kind"] == "commune" else "province")
            assert row["valid_from"] >= parent["valid_from"]


def test_the_calendar_has_every_day_of_2011_to_2027_each_with_a_source():
    all_days = days(T["calendar_day"], "day")
    assert all_days == [date(2011, 1, 1) + timedelta(n) for n in range(len(all_days))]
    assert all_days[-1] == date(2027, 12, 31)
    assert Counter(row["is_working"] for row in T["calendar_day"])["true"] == pytest.approx(17 * 250, abs=17)
    assert all("chưa đối chiếu văn bản" in row["source"] or "bảng chỉnh của dự án" in row["source"] for row in T["calendar_day"])


@pytest.mark.parametrize(
    ("off", "worked"),
    [
        (("2014-01-28", "2014-02-05"), ("2014-01-25", "2014-02-08")),  # corrected here: Tết 2014
        (("2026-01-02",), ("2026-01-10",)),  # and New Year 2026
        (("2013-04-29",), ("2013-05-04",)),  # of the package: days off in lieu and Saturdays made up
        (("2025-05-02",), ("2025-04-26",)),
        (("2026-08-31", "2026-11-24"), ("2026-08-22",)),  # the new holiday of 24/11
    ],
)
def test_days_off_in_lieu_and_made_up_saturdays(off: tuple[str, ...], worked: tuple[str, ...]):
    works = {row["day"]: row["is_working"] for row in T["calendar_day"]}
    assert [works[day] for day in (*off, *worked)] == ["false"] * len(off) + ["true"] * len(worked)


@pytest.mark.parametrize("regime", ["calendar-2011", "cv-581"])
@pytest.mark.parametrize(("kind", "per_year"), [("month", 12), ("quarter", 4), ("year", 1)])
def test_periods_follow_each_other_without_gaps(regime: str, kind: str, per_year: int):
    rows = sorted((r for r in T["period"] if (r["regime"], r["kind"]) == (regime, kind)), key=lambda r: r["starts_on"])
    years = {"calendar-2011": 4, "cv-581": 6}[regime]
    assert len(rows) == years * per_year
    starts, ends = days(rows, "starts_on"), days(rows, "ends_on")
    assert starts[1:] == [end + timedelta(1) for end in ends[:-1]]


def test_periods_are_as_their_regime_says():
    bounds = {r["period_code"]: (r["starts_on"], r["ends_on"]) for r in T["period"]}
    assert bounds["2013-Q4"] == ("2013-10-01", "2013-12-31")
    assert bounds["2013-H1"] == ("2013-01-01", "2013-06-30")
    assert bounds["2013-9M"] == ("2013-01-01", "2013-09-30")
    assert bounds["2022-Q1"] == ("2021-12-15", "2022-03-14")
    assert bounds["2027"] == ("2026-12-15", "2027-12-14")
    assert bounds["2024-05"] == ("2024-04-15", "2024-05-14")


def test_deadlines_lie_after_the_end_on_working_days():
    works = {row["day"]: row["is_working"] == "true" for row in T["calendar_day"]}
    for row in T["period"]:
        due, end = date.fromisoformat(row["due_on"]), date.fromisoformat(row["ends_on"])
        assert timedelta(6) <= due - end <= timedelta(14)  # Tết may lie between
        assert works.get(row["due_on"], due.weekday() < 5)
        between = [end + timedelta(n) for n in range(1, (due - end).days)]
        assert any(works.get(d.isoformat(), d.weekday() < 5) for d in between), "a working day between cut-off and deadline"


@pytest.mark.parametrize("block", BLOCKS)
def test_the_framework_adds_up(block: str):
    leaves = [row for row in LEAVES if row["block"] == block]
    fields = {row["code"]: row for row in T["criterion"] if row["block"] == block and not row["parent"]}
    assert len(leaves) == 9
    for code, field in fields.items():
        assert Decimal(field["points"]) == sum(Decimal(row["points"]) for row in leaves if row["parent"] == code)
        assert not field["rule"]
    by_survey = sum(Decimal(row["points"]) for row in leaves if row["scored_by"] == "survey")
    assert by_survey == {"department": Decimal("22.5"), "district": 27}[block]
    assert sum(Decimal(field["points"]) for field in fields.values()) == 100


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda row: f"{row['block']}-{row['code']}")
def test_a_criterion_can_earn_all_its_points_and_no_more(leaf: dict):
    parameters, points = json.loads(leaf["parameters"], parse_float=Decimal, parse_int=Decimal), Decimal(leaf["points"])
    assert leaf["empty_result"] in ("zero", "full", "not_applicable")
    if leaf["rule"] == "proportional":
        assert parameters["target"] > 0
        assert (parameters["floor"], parameters["cap"]) == (0, 1)
        return
    ((form, bands),) = parameters.items()
    bounds, earned = zip(*bands, strict=True)
    assert list(bounds) == sorted(bounds, reverse=form == "bands")
    assert list(earned) == sorted(earned, reverse=True)
    assert earned[0] == points


def test_measures_of_duties_and_criteria_are_those_of_the_pipeline():
    with open(PROJECT / "dbt_project/seeds/measure.csv", encoding="utf-8", newline="") as file:
        known = {row["measure"] for row in csv.DictReader(file)}
    named = {row["measure"] for row in [*T["obligation"], *LEAVES]}
    assert named <= known


def test_only_the_provinces_own_directive_binds_it():
    assert [row["directive"] for row in T["directive"]] == ["SL-152"]
    bound = {row["obligation"] for row in T["obligation"] if row["directive"] == "SL-152"}
    assert bound == {
        "PLN-07", "COM-01", "LEG-01", "DOS-01", "ORG-02", "STF-07", "FIN-01", "MOD-02", "MOD-03", "MOD-05", "ONE-01", "SUR-01",
        "IDX-01", "IDX-02", "IDX-03", "IDX-04", "IDX-06",
    }  # fmt: skip
    assert len({row["obligation"] for row in T["obligation"]}) == 61, "the clauses of other directives stand there too"


def test_grades_reach_down_to_nothing():
    for block in BLOCKS:
        assert Decimal(0) in {Decimal(row["lower_bound"]) for row in T["grade"] if row["block"] == block}


def test_contacts_can_be_written_to_by_nobody_and_have_every_role():
    assert all(row["email"].endswith("@example.invalid") for row in T["contact"])
    assert {row["role"] for row in T["contact"]} == {"operator", "reform_office", "data_owner"}


def test_every_sender_has_a_contact_of_its_own():
    own = {row["agency_code"] for row in T["contact"] if row["agency_code"]}
    assert own == {sender.sender for sender in senders().values()}


def test_every_feed_that_is_sent_is_in_the_delivery_calendar_marked_as_ours():
    sent = {source.feed for sender in senders().values() for source in sender.sources.values()}
    assert {row["feed"] for row in T["delivery_calendar"]} >= sent
    assert {row["constructed"] for row in T["delivery_calendar"]} == {"true"}


def test_the_province_says_that_it_is_made_up():
    settings = {row["name"]: row["value"] for row in T["setting"]}
    assert settings["synthetic"] == "true"
    assert "giả lập" in settings["note_vi"]


def test_every_scored_body_sends_every_feed_and_every_sender_is_a_unit():
    feeds = {sender.sender: sorted(s.feed for s in sender.sources.values()) for sender in senders().values()}
    scored = {code for code, row in UNITS.items() if row["block"]}
    own = ["dossier_log", "organisation", "plan_task", "staff", "survey_response"]
    collected = sorted({path.name.rsplit("_v", 1)[0] for path in FEEDS.glob("*.yaml")} - set(own) | {"plan_task"})
    assert feeds == dict.fromkeys(scored, own) | {"H52": collected}, "all feeds there are"
    assert all(sender.synthetic for sender in senders().values())


def test_looks_are_varied():
    reads = [source.read for sender in senders().values() for source in sender.sources.values()]
    assert Counter(read.kind for read in reads).keys() == {"csv", "xlsx", "json"}
    assert {read.encoding for read in reads if read.kind == "csv"} == {"utf-8", "utf-16", "windows-1258"}
    assert {read.delimiter for read in reads if read.kind == "csv"} == {",", ";", "\t"}
    assert {read.header_row for read in reads if read.kind == "xlsx"} == {3}
    assert {s.due_precision for sender in senders().values() for s in sender.sources.values()} == {"day", "time"}

"""One night over a small hand-written province: every measure, index point and duty status computed by hand."""

from decimal import Decimal

import pytest

from dbt_fixture import COMMUNE, DISTRICT, ONE, PROVINCE, TWO, Warehouse, at, dossier, end, figures_that_rows_miss, installation

DOSSIERS = [
    dossier("D01", "09-20", "10-10", at("10-09"), fee_due=100000, fee_collected=100000),  # carried over, early
    dossier("D02", "10-01", "10-10", end("10-10"), fee_due=50000, fee_collected=50000),  # the last instant in time
    dossier("D03", "10-01", "10-10", at("10-11", "00:00"), apology_on="2013-10-10", fee_due=100000, fee_collected=120000),
    dossier("D04", "10-02", "10-15", at("10-15", "00:00"), channel="desk", fee_collected=1),  # on the due day: not early
    dossier("D05", "10-02", "10-15", end("10-14"), channel="desk", has_error=True),  # wrong, no apology
    dossier("D06", "11-01", None, at("11-05")),  # no due date
    dossier("D07", "11-01", "11-20", at("11-10"), closed_as="returned", fee_due=5, fee_collected=6),
    dossier("D08", "11-02", "11-20", None, closed_as="stopped", _version=at("11-25")),  # ends at its version, after due
    dossier("D09", "12-02", "12-20"),  # overdue by 23-27, 30, 31 December: 7 working days
    dossier("D10", "12-02", "12-27"),  # overdue by 2
    dossier("D11", "12-20", "12-31", None, due_by=at("12-31", "23:59:59.999999").replace(year=2014)),
    dossier("D12", "12-01", "12-30", at("12-31"), apology_on="2014-01-02"),  # late; its apology is not there yet
    dossier("D13", "12-05", "12-31"),  # due on the day of the cut-off: due in the period, not yet overdue
]
OTHERS = [
    dossier("C01", "12-02", "12-30", agency=COMMUNE),  # overdue by 1
    dossier("C02", "06-03", "06-10", at("06-05"), agency=COMMUNE, channel=None),
    dossier("C03", "03-05", "03-29", at("03-04"), agency=COMMUNE),  # finished before it was received: kept, early
]
STAFF = [
    (ONE, "a", "civil_servant", "2010-01-01", None), (ONE, "b", "civil_servant", "2013-12-31", None),
    (ONE, "c", "civil_servant", "2010-01-01", "2013-12-31"), (ONE, "d", "public_employee", "2010-01-01", "2014-01-01"),
    (ONE, "e", "public_employee", "2014-01-01", None), (COMMUNE, "a", "civil_servant", "2010-01-01", None),
]  # fmt: skip
TASKS = [
    (ONE, 2013, "1", "par", "2013-12-31", None), (ONE, 2013, "2", "par", "2014-01-01", None), (ONE, 2013, "3", "par", None, None),
    (ONE, 2013, "4", "par", None, "Chờ văn bản của trung ương"), (ONE, 2013, "5", "par", "2013-02-01", "Có lý do"),
    (ONE, 2013, "6", "civil_service", "2013-02-01", None), (ONE, 2012, "1", "par", "2012-02-01", None), (ONE, 2013, "7", "par", None, " "),
]  # fmt: skip
ANSWERS = ["very_satisfied", "satisfied", "neutral", None, "dissatisfied"]
FRAMEWORK = [
    ("1", "", 100, "", "", "", ""),
    ("1.1", "1", 20, "on_time_rate", "bands", '{"bands": [[0.9, 20], [0.6, 12], [0, 0]]}', "not_applicable"),
    ("1.2", "1", 20, "plan_completion_rate", "proportional", '{"target": 0.5, "floor": 0.1, "cap": 1}', "zero"),
    ("1.3", "1", 20, "overdue_pending_count", "bands", '{"at_most": [[0, 20], [2, 11], [10, 1]]}', "zero"),
    ("1.4", "1", 20, "fee_correct_rate", "proportional", '{"target": 0.8}', "full"),
    ("1.5", "1", 20, "modern_one_stop_rate", "proportional", '{"target": 1}', "not_applicable"),
]
DUTIES = [
    ("on_time_rate", "agency", "0.6", "at_least", "quarter year"), ("overdue_pending_count", "agency", "0", "zero", "quarter"),
    ("overdue_pending_count", "department", "0", "zero", "quarter"), ("early_rate", "agency", "0.9", "at_least", "quarter"),
    ("headcount", "province", "", "information", "quarter"), ("survey_done", "agency", "1", "done", "year"),
]  # fmt: skip


GRADES = [("Tốt", 80), ("Khá", 70), ("Yếu", 0)]


def _criteria() -> list[dict]:
    names = ("code", "parent", "points", "measure", "rule", "parameters", "empty_result")
    fixed = {"framework": "F", "version": 1, "title_vi": "Tiêu chí", "verifier": ONE, "block": "department", "year_from": 2013,
             "constructed": "true"}  # fmt: skip
    return [fixed | dict(zip(names, row, strict=True)) | {"scored_by": "measure" if row[3] else ""} for row in FRAMEWORK]


def _duties() -> list[dict]:
    names = ("measure", "applies_to", "target", "target_kind", "periods")
    return [
        {"obligation": f"O-{measure}", "directive": "LA", "clause": "§1", "duty_vi": "Nhiệm vụ"}
        | dict(zip(names, (measure, *row), strict=True))
        | {"valid_from": "2013-10-01" if measure != "early_rate" else "2014-01-01"}
        for measure, *row in DUTIES
    ]


def _deliver(warehouse: Warehouse) -> None:
    arrived = at("12-31", "18:00")
    people = ("agency_code", "staff_id", "kind", "in_post_from", "in_post_to")
    tasks = ("agency_code", "plan_year", "task_code", "plan_kind", "finished_on", "excused_reason")
    warehouse.deliver(PROVINCE, "staff", [dict(zip(people, row, strict=True)) for row in STAFF], arrived)
    warehouse.deliver(ONE, "plan_task", [dict(zip(tasks, row, strict=True)) | {"title": "Việc"} for row in TASKS], arrived)
    warehouse.deliver(ONE, "dossier_log", DOSSIERS, arrived)
    warehouse.deliver(DISTRICT, "dossier_log", OTHERS, arrived)
    warehouse.deliver(ONE, "survey_response", [
        {"agency_code": ONE, "response_id": str(n), "survey_code": "S", "respondent_group": "citizen", "overall": answer,
         "answered_on": "2013-06-01"} for n, answer in enumerate(ANSWERS)] + [
        {"agency_code": ONE, "response_id": "old", "survey_code": "S", "respondent_group": "citizen", "overall": "satisfied",
         "answered_on": "2012-12-31"}], arrived)  # fmt: skip
    warehouse.deliver(PROVINCE, "organisation", [
        {"agency_code": ONE, "one_stop_since": "2013-12-31"}, {"agency_code": TWO, "one_stop_since": "2014-01-01"},
        {"agency_code": DISTRICT, "one_stop_since": "2010-01-01", "modern_one_stop_listed": True, "modern_one_stop_live_on": "2013-12-31"},
        {"agency_code": COMMUNE, "modern_one_stop_listed": True, "modern_one_stop_live_on": "2014-01-01"}], arrived)  # fmt: skip
    warehouse.deliver(ONE, "procedure_catalogue", [
        {"agency_code": ONE, "procedure_code": "1", "name": "Một", "one_stop": True, "in_force_from": "2013-12-31"},
        {"agency_code": ONE, "procedure_code": "2", "name": "Hai", "one_stop": None, "in_force_to": "2014-01-01"},
        {"agency_code": ONE, "procedure_code": "3", "name": "Ba", "one_stop": True, "in_force_to": "2013-12-31"},
        {"agency_code": ONE, "procedure_code": "4", "name": "Bốn", "one_stop": True, "in_force_from": "2014-01-01"}], arrived)  # fmt: skip


@pytest.fixture(scope="module")
def built(server, tmp_path_factory):
    """The province as of 31/12/2013, built once."""
    grades = [{"framework": "F", "version": 1, "block": "department", "grade_vi": grade, "lower_bound": bound} for grade, bound in GRADES]
    with installation(server, tmp_path_factory.mktemp("dbt")) as warehouse:
        warehouse.load_reference(
            criterion=_criteria(), grade=grades, obligation=_duties(),
            directive=[{"directive": "LA", "title_vi": "Chỉ thị", "valid_from": "2013-12-31"}],
        )  # fmt: skip
        _deliver(warehouse)
        assert warehouse.build(end("12-31"), warehouse.cut(end("12-31"))) == []
        yield warehouse


EXPECTED = [
    # measure, unit, period, dim, numerator, denominator
    ("received_count", ONE, "2013-Q4", "", 12, None),
    ("carried_over_count", ONE, "2013-Q4", "", 1, None),
    ("resolved_count", ONE, "2013-Q4", "", 7, None),
    ("returned_count", ONE, "2013-Q4", "", 1, None),
    ("stopped_count", ONE, "2013-Q4", "", 1, None),
    ("pending_count", ONE, "2013-Q4", "", 4, None),
    ("on_time_rate", ONE, "2013-Q4", "", 4, 6),
    ("early_rate", ONE, "2013-Q4", "", 2, 6),
    ("no_due_date_count", ONE, "2013-Q4", "", 1, None),
    ("on_time_of_due", ONE, "2013-Q4", "", 4, 10),  # D08 was open when due, D07 was not
    ("on_time_of_handled", ONE, "2013-Q4", "", 8, 12),
    ("apology_rate", ONE, "2013-Q4", "", 1, 3),
    ("fee_correct_rate", ONE, "2013-Q4", "", 2, 3),
    ("fee_difference", ONE, "2013-Q4", "", 20000, None),
    ("overdue_pending_count", ONE, "2013-Q4", "", 2, None),
    ("overdue_age_median", ONE, "2013-Q4", "", "4.5", None),
    ("overdue_age_max", ONE, "2013-Q4", "", 7, None),
    ("on_time_rate", ONE, "2013-Q4", "channel=desk", 2, 2),
    ("early_rate", ONE, "2013-Q4", "channel=desk", 1, 2),
    ("on_time_rate", ONE, "2013-10", "", 4, 5),  # months
    ("pending_count", ONE, "2013-09", "", 1, None),
    ("carried_over_count", ONE, "2013-10", "", 1, None),
    ("pending_count", ONE, "2013-11", "", 0, None),
    ("overdue_pending_count", ONE, "2013-10", "", 0, None),
    ("overdue_age_median", ONE, "2013-10", "", None, None),  # none overdue: no age, not 0
    ("on_time_of_due", ONE, "2013-11", "", 0, 1),
    ("received_count", COMMUNE, "2013-03", "channel=online", 1, None),  # C03 leaves as it enters
    ("resolved_count", COMMUNE, "2013-03", "", 1, None),
    ("early_rate", COMMUNE, "2013-03", "", 1, 1),
    ("received_count", COMMUNE, "2013-06", "channel=unknown", 1, None),
    ("overdue_age_median", COMMUNE, "2013-Q4", "", 1, None),
    ("on_time_rate", COMMUNE, "2013-Q4", "", 0, 0),
    ("received_count", DISTRICT, "2013-Q4", "", 0, None),  # collected, nothing came: 0
    ("received_count", TWO, "2013-Q4", "", None, None),  # no sender of its own or above delivered: M
    ("received_count", PROVINCE, "2013-Q4", "", 13, None),
    ("received_count", PROVINCE, "2013-Q4", "level=commune", 1, None),
    ("received_count", PROVINCE, "2013-Q4", "channel=desk,level=province", 2, None),
    ("on_time_rate", PROVINCE, "2013", "", 6, 8),
    ("overdue_age_median", PROVINCE, "2013-Q4", "", 2, None),  # of 1, 2, 7: not of the units' medians
    ("overdue_age_max", PROVINCE, "2013-Q4", "level=province", 7, None),
    ("plan_completion_rate", ONE, "2013", "", 1, 4),
    ("plan_completion_rate", ONE, "2013-Q1", "", 0, 4),
    ("plan_completion_rate", ONE, "2012", "", 1, 1),
    ("plan_completion_rate", PROVINCE, "2013", "", 1, 4),
    ("plan_completion_rate", ONE, "2011", "", None, None),
    ("received_count", ONE, "2012", "", None, None),
    ("headcount", ONE, "2013-Q4", "", 3, None),
    ("headcount", ONE, "2013-Q4", "kind=civil_servant", 2, None),
    ("headcount", ONE, "2013-Q3", "kind=civil_servant", 2, None),
    ("headcount", PROVINCE, "2013-Q4", "", 4, None),
    ("headcount", PROVINCE, "2013-Q4", "kind=civil_servant", 3, None),
    ("headcount", PROVINCE, "2013-Q4", "level=province", 3, None),
    ("headcount", PROVINCE, "2013-Q4", "kind=civil_servant,level=commune", 1, None),
    ("survey_done", ONE, "2013", "", 1, 1),
    ("survey_done", ONE, "2012", "", 1, 1),
    ("survey_done", ONE, "2011", "", None, None),  # before the first answer of all: not collected
    ("response_count", ONE, "2013", "", 5, None),
    ("satisfaction_index", ONE, "2013", "", 2, 4),  # the blank one is in neither
    ("satisfaction_index", COMMUNE, "2013", "", None, None),
    ("satisfaction_index", TWO, "2013", "", None, None),
    ("one_stop_body_count", ONE, "2013-Q4", "", 1, None),
    ("one_stop_body_count", ONE, "2013-Q3", "", 0, None),
    ("one_stop_body_count", PROVINCE, "2013-Q4", "", 2, None),
    ("one_stop_body_count", PROVINCE, "2013-Q4", "level=district", 1, None),
    ("one_stop_procedure_rate", ONE, "2013-Q4", "", 1, 2),
    ("modern_one_stop_rate", DISTRICT, "2013-Q4", "", 1, 1),
    ("modern_one_stop_rate", PROVINCE, "2013-Q4", "", 1, 2),
    ("modern_one_stop_rate", ONE, "2013-Q4", "", 0, 0),
]


@pytest.mark.parametrize(("name", "unit", "period", "dim", "numerator", "denominator"), EXPECTED)
def test_measure_is_the_hand_computed_one(built, name, unit, period, dim, numerator, denominator):
    found = built.measure(name, unit, period, dim)
    collected = numerator is not None or name == "overdue_age_median"
    assert found == (_decimal(numerator), _decimal(denominator), "A" if collected else "M")


def _decimal(number: str | int | None) -> Decimal | None:
    return None if number is None else Decimal(number)


def test_the_rows_behind_every_figure_add_up_to_it(built):
    """Every measure, unit, period and breakdown of this province."""
    compared, missed = figures_that_rows_miss(built.schema, end("12-31"))
    assert missed == []
    assert compared > 1000


def test_values_are_unrounded_and_empty_for_zero_of_zero(built):
    rows = built.rows("select figure, value from {s}_reporting.measure where figure = any(%s) order by figure",
                      [f"on_time_rate@1:{COMMUNE}:2013-Q4", f"on_time_rate@1:{ONE}:2013-Q4"])  # fmt: skip
    assert rows[0][1] is not None
    assert abs(rows[0][1] - Decimal(2) / 3) < Decimal("1e-15")
    assert rows[1][1] is None


def test_a_dimension_without_dossiers_has_no_row(built):
    assert built.rows("select figure from {s}_reporting.measure where figure like %s", f"%:{ONE}:2013-Q4:channel=post") == []


def test_index_points_shares_rank_and_grade(built):
    rows = built.rows(
        "select code, points_max, points_applicable, points, stage from {s}_reporting.index_criterion "
        "where agency_code = %s and period_code = '2013' order by code", ONE,
    )  # fmt: skip
    assert [(r[0], *map(_number, r[1:4]), r[4]) for r in rows] == [
        ("1", "100", "80", "49.66666667", "measured"),  # the sum of those below
        ("1.1", "20", "20", "12", "measured"),  # 4/6 is in the second band
        ("1.2", "20", "20", "10", "measured"),  # 0.25 of 0.5
        ("1.3", "20", "20", "11", "measured"),
        ("1.4", "20", "20", "16.66666667", "measured"),
        ("1.5", "20", "0", None, "measured"),  # 0/0 that does not apply leaves the maximum
    ]
    unit = built.rows("select points, points_applicable, percent, rank, grade_vi, is_forecast from {s}_reporting.index_unit "
                      "where agency_code = %s and period_code = '2013'", ONE)  # fmt: skip
    assert (*map(_number, unit[0][:3]), *unit[0][3:]) == ("49.66666667", "80", "62.08333333", 1, "Yếu", True), "not verified: a forecast"


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.quantize(Decimal('1e-8')).normalize():f}"


def test_what_was_not_collected_is_not_started_and_stays_in_the_maximum(built):
    rows = built.rows("select code, points_applicable, points, stage from {s}_reporting.index_criterion "
                      "where agency_code = %s and period_code = '2013' and code like '1._' order by code", TWO)  # fmt: skip
    assert rows[0] == ("1.1", 20, None, "not_started")
    forecast = built.rows("select is_forecast from {s}_reporting.index_unit where agency_code = %s and period_code = '2013'", TWO)
    assert forecast == [(True,)]
    assert built.rows("select distinct is_forecast from {s}_reporting.index_unit where period_code like '%%-Q_'") == [(True,)]


def test_duties_have_their_status(built):
    rows = built.rows("select agency_code, period_code, measure, status, target_kind from {s}_reporting.compliance "
                      "where period_code in ('2013-Q4', '2013') order by measure, period_code, agency_code")  # fmt: skip
    found = {(measure, period, unit): status for unit, period, measure, status, _ in rows}
    assert found[("on_time_rate", "2013-Q4", ONE)] == "met"  # 4/6 >= 0.6
    assert found[("on_time_rate", "2013-Q4", TWO)] == "no_data"
    assert found[("on_time_rate", "2013-Q4", DISTRICT)] == "not_applicable"  # 0/0
    assert found[("overdue_pending_count", "2013-Q4", ONE)] == "not_met"
    assert found[("overdue_pending_count", "2013-Q4", DISTRICT)] == "met"
    assert found[("early_rate", "2013-Q4", ONE)] == "not_applicable"  # the duty begins later
    assert found[("headcount", "2013-Q4", PROVINCE)] == "information"
    assert found[("survey_done", "2013", ONE)] == "met"
    assert ("headcount", "2013-Q4", ONE) not in found
    assert built.rows("select 1 from {s}_reporting.compliance where period_code = '2013-Q3'") == []  # not yet binding
    assert len(rows) == len({row[:3] for row in rows})  # a unit met by two rows of a duty owes it once


def test_an_earlier_as_of_knows_nothing_of_later_events(built):
    """The same deliveries, taken as of noon on 30 December: what happened after it is not there yet."""
    as_of = at("12-30", "12:00")
    cut = built.rows("select max(cut_id) from ops.cut")[0][0]
    assert built.build(as_of, cut, cut) == []
    assert built.measure("resolved_count", ONE, "2013-Q4") == (6, None, "P")  # D12 is finished on the 31st
    assert built.measure("pending_count", ONE, "2013-Q4") == (5, None, "P")
    assert built.measure("overdue_pending_count", ONE, "2013-Q4") == (2, None, "P")
    assert built.measure("overdue_age_max", ONE, "2013-Q4") == (6, None, "P")
    assert built.measure("on_time_of_due", ONE, "2013-Q4") == (4, 8, "P")
    assert built.measure("resolved_count", ONE, "2013-Q3") == (0, None, "A")
    assert built.measure("headcount", ONE, "2013-Q4", "kind=civil_servant")[0] == 2
    rows = built.rows("select distinct status from {s}_reporting.compliance where period_code = '2013-Q4' order by 1")
    assert rows == [("information",), ("met",), ("no_data",), ("not_applicable",), ("not_due",), ("not_met",)]
    stages = built.rows("select distinct stage from {s}_reporting.index_criterion where agency_code = %s and period_code = '2013'", ONE)
    assert stages == [("measured",)]

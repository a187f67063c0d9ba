"""One mail a day per role: what is wrong, who owns it, known ones until their day, solved ones struck through."""

import psycopg
import pytest

from calendar_province import EXCEPTION, MONTHLY, make_calendar
from cchc.clock import parse_as_of
from cchc.intake.reference import load_reference
from cchc.mail.alerts import plan_alerts
from cchc.mail.outbox import Message, deliver, plan
from cchc.night.cut import take_cut
from cchc.settings import Settings
from cchc.warehouse.connect import admin_url, connect
from cchc.warehouse.roles import LOADER
from mail_server import Sink, sink, text_of  # noqa: F401  (a fixture)
from province import write_csv
from small_night import ingest, send_dossiers

KNOWN = ["what", "owner", "until", "reason"]
NEVER = [[unit, "dossier_log", "2013-03", "exempt", "2013-12-31", "x", "y"] for unit in ("X01.01", "X01.02")]
RED = "insert into ops.night (province, as_of, started_at, state, reason) values ('thu-nghiem', '{0}', '{0}', 'red', 'mất <điện>')"


@pytest.fixture
def late(config: Settings) -> Settings:
    """Sở Hai owes the dossiers of February."""
    make_calendar(config, rows=[MONTHLY], exceptions=NEVER)
    send_dossiers(config, "2013-03-01", [("A-1", "2013-02-01T08:00", "", "", "2013-02-01T08:00")])
    ingest(config, "2013-03-01")
    take_cut(config, parse_as_of("2013-03-01"))
    return config


def mark(config: Settings, statement: str) -> None:
    with psycopg.connect(admin_url(config)) as admin:
        admin.execute(statement)


def told(config: Settings, day: str, server: Sink) -> dict[str, tuple[str, str]]:
    """Role's address → text and HTML of the day's mails."""
    server.letters.clear()
    plan_alerts(config, parse_as_of(f"{day}T08:00"))
    deliver(server.of(config))
    return {letter["To"]: (text_of(letter), text_of(letter, "html")) for _, letter in server.letters}


def test_a_missing_delivery_goes_to_the_reform_office_with_its_owner(late: Settings, sink: Sink) -> None:  # noqa: F811
    assert told(late, "2013-03-05", sink) == {}, "due today, not missing yet"
    mails = told(late, "2013-03-06", sink)
    assert set(mails) == {"cchc@example.invalid"}
    text, html = mails["cchc@example.invalid"]
    assert "Cần xử lý:\n- Sở Hai: Nhật ký hồ sơ thủ tục hành chính, tháng 02 năm 2013" in text
    assert "Đầu mối: Anh Hai, điện thoại 0212 2" in text
    assert "[missing:X01.02:dossier_log:2013-02]" in text
    assert "<li>Sở Hai:" in html
    assert told(late, "2013-03-06", sink) == {}, "one mail a day"


def test_what_was_solved_is_struck_through_once(late: Settings, sink: Sink) -> None:  # noqa: F811
    told(late, "2013-03-06", sink)
    send_dossiers(late, "2013-03-07", [("B-1", "2013-02-01T08:00", "", "", "2013-02-01T08:00")], "so-hai")
    ingest(late, "2013-03-07")
    text, html = told(late, "2013-03-08", sink)["cchc@example.invalid"]
    assert "Đã xử lý từ thư trước:\n- ~~Sở Hai: Nhật ký" in text
    assert "<li><s>Sở Hai: Nhật ký" in html
    assert "Cần xử lý" not in text
    assert told(late, "2013-03-09", sink) == {}


def test_known_issues_are_quiet_until_their_day_and_then_fail_again(late: Settings, sink: Sink) -> None:  # noqa: F811
    row = ["missing:X01.02:*", "Sở Hai", "2013-03-08", "đang chuyển phần mềm"]
    write_csv(late.province / "reference/known_issue.csv", KNOWN, [row])
    load_reference(late)
    assert told(late, "2013-03-07", sink) == {}, "nothing but what is known"
    mark(late, RED.format("2013-03-08"))
    night = told(late, "2013-03-08", sink)
    assert set(night) == {"truc@example.invalid"}
    assert "Đêm xử lý không có bản chốt: mất <điện>" in night["truc@example.invalid"][0]
    assert "mất &lt;điện&gt;" in night["truc@example.invalid"][1]
    text, _ = told(late, "2013-03-09", sink)["cchc@example.invalid"]
    assert "Quá hạn xử lý ngày 08/03/2013 (Sở Hai: đang chuyển phần mềm)" in text


def test_refused_deliveries_failed_intakes_and_expired_exceptions_are_told(late: Settings, sink: Sink) -> None:  # noqa: F811
    exception = ["X01.02", "dossier_log", "2013-02", "exempt", "2013-03-10", "Sở Nội vụ", "hỏng máy chủ"]
    write_csv(late.province / "reference/delivery_exception.csv", EXCEPTION, [exception, *NEVER])
    load_reference(late)
    assert told(late, "2013-03-10", sink) == {}
    send_dossiers(late, "2013-03-11", [], "so-hai")
    (late.province / "sources/so-mot.yaml").write_text("sender: [", encoding="utf-8")
    ingest(late, "2013-03-11")
    mails = told(late, "2013-03-12", sink)
    office, machines = mails["cchc@example.invalid"][0], mails["truc@example.invalid"][0]
    assert "Ngoại lệ đã hết hạn ngày 10/03/2013: Sở Hai" in office
    assert "bị từ chối: Tệp không có dòng dữ liệu nào" in office
    assert "Tiếp nhận của so-mot không thành công" in machines


def test_nothing_before_go_live(late: Settings, sink: Sink) -> None:  # noqa: F811
    path = late.province / "reference/setting.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("go_live_on,2013-02-01", "go_live_on,2013-04-01"), encoding="utf-8")
    load_reference(late)
    mark(late, RED.format("2013-03-06"))
    assert told(late, "2013-03-06", sink) == {}


def test_a_dry_run_remembers_nothing(late: Settings, sink: Sink) -> None:  # noqa: F811
    at = parse_as_of("2013-03-06T08:00")
    assert plan_alerts(late, at, dry_run=True) == plan_alerts(late, at, dry_run=True) == plan_alerts(late, at)


def test_mails_in_doubt_are_told_to_the_operators(late: Settings, sink: Sink) -> None:  # noqa: F811
    letter = Message("X01", "a", "reminder", "data_owner", ["x@example.invalid"], "a", "b")
    with connect(LOADER) as connection:
        plan(connection, late.province.name, [letter], parse_as_of("2013-03-01"))
    mark(late, "update ops.outbox set state = 'in_doubt'")
    assert "Thư a chưa rõ đã gửi hay chưa" in told(late, "2013-03-02", sink)["truc@example.invalid"][0]

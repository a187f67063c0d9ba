"""Who is reminded when: five working days around a due day, one mail a sender, once a day, nobody who need not."""

import pytest

from calendar_province import EXCEPTION, MONTHLY, QUARTERLY, make_calendar
from cchc.clock import parse_as_of
from cchc.intake.reference import load_reference
from cchc.mail.outbox import deliver
from cchc.mail.reminders import plan_reminders
from cchc.night.cut import take_cut
from cchc.settings import Settings
from mail_server import Sink, sink, text_of  # noqa: F401  (a fixture)
from province import write_csv
from small_night import ingest, send_dossiers

DUE = "2013-03-05"  # Tuesday: the third working day after 28/2


def remind(config: Settings, day: str) -> list[str]:
    return [name.split(".")[-3] + "." + name.split(".")[-2] for name in plan_reminders(config, parse_as_of(f"{day}T08:00")).planned]


def ready(config: Settings, **options: object) -> None:
    make_calendar(config, **options)  # type: ignore[arg-type]
    take_cut(config, parse_as_of("2013-02-20"))  # sources are known from the first night


@pytest.mark.parametrize(
    ("day", "reminded"),
    [("2013-02-25", 0), ("2013-02-26", 2), ("2013-02-27", 0), ("2013-03-04", 2), (DUE, 2), ("2013-03-06", 2), ("2013-03-07", 0),
     ("2013-03-08", 2), ("2013-03-09", 0), ("2013-03-11", 0)],
)  # fmt: skip
def test_on_five_working_days_around_the_due_day(config: Settings, day: str, reminded: int) -> None:
    ready(config, rows=[[*MONTHLY[:3], 6, *MONTHLY[4:]]])  # the window opens before the first reminder
    assert len(remind(config, day)) == reminded


def test_over_a_holiday_the_days_move(config: Settings) -> None:
    ready(config)
    path = config.province / "reference/calendar_day.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2013-03-05,true", "2013-03-05,false"), encoding="utf-8")
    load_reference(config)
    assert remind(config, "2013-03-05") == [], "a day off"
    assert len(remind(config, "2013-03-04")) == 2, "the working day before 6/3"
    assert len(remind(config, "2013-03-06")) == 2


def test_one_mail_a_sender_with_everything_it_owes_once_a_day(config: Settings, sink: Sink) -> None:  # noqa: F811
    ready(config)
    at = parse_as_of("2013-04-04T08:00")  # dossiers of March were due yesterday, staff of the quarter is due on 5/4
    assert len(plan_reminders(config, at).planned) == 2
    assert plan_reminders(config, at).planned == [], "the same day twice is one mail"
    assert set(deliver(sink.of(config)).values()) == {"sent"}
    letters = {letter["To"]: letter for _, letter in sink.letters}
    assert set(letters) == {"mot@example.invalid", "hai@example.invalid"}
    text = text_of(letters["mot@example.invalid"])
    assert text.startswith("Kính gửi Sở Một,")
    assert ("1. Nhật ký hồ sơ thủ tục hành chính, tháng 3 năm 2013: đúng hạn đến hết ngày 03/04/2013, còn nhận đến hết ngày 10/04/2013 "
            "(quá hạn 1 ngày làm việc). Tình trạng: chưa gửi.") in text  # fmt: skip
    assert "2. Danh sách cán bộ, công chức, viên chức, quý I năm 2013: đúng hạn đến hết ngày 05/04/2013" in text
    assert "(còn 1 ngày làm việc)" in text
    assert "cchc source check --file" in text
    assert "Phòng Cải cách hành chính, điện thoại 0212 9" in text


def test_who_delivered_is_not_reminded_and_who_was_refused_is(config: Settings) -> None:
    ready(config)
    send_dossiers(config, "2013-03-01", [("A-1", "2013-02-01T08:00", "", "", "2013-02-01T08:00")])
    send_dossiers(config, "2013-03-01", [], "so-hai")
    ingest(config, "2013-03-01")
    assert remind(config, DUE) == ["X01.02"]


def test_nobody_before_go_live_none_exempt_none_without_a_date(config: Settings) -> None:
    ready(config, go_live="2013-03-06")
    assert remind(config, DUE) == []
    path = config.province / "reference/setting.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("go_live_on,2013-03-06\n", ""), encoding="utf-8")
    load_reference(config)
    assert remind(config, DUE) == []
    path.write_text(path.read_text(encoding="utf-8") + "go_live_on,2013-02-01\n", encoding="utf-8")
    exempt = ["X01.01", "dossier_log", "2013-02", "exempt", "2013-12-31", "Sở Nội vụ", "sáp nhập"]
    write_csv(config.province / "reference/delivery_exception.csv", EXCEPTION, [exempt])
    load_reference(config)
    assert remind(config, DUE) == ["X01.02"]


def test_a_sender_without_contact_is_named(config: Settings) -> None:
    ready(config, rows=[MONTHLY, QUARTERLY])
    path = config.province / "reference/contact.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("X01.02,data_owner", "X01.02,operator"), encoding="utf-8")
    load_reference(config)
    told = plan_reminders(config, parse_as_of(f"{DUE}T08:00"))
    assert told.nobody_to_tell == ["X01.02"]
    assert len(told.planned) == 1

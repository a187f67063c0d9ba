"""The DAG of mails: through Airflow's connection when there is no setting, each once."""

import json
from email.message import EmailMessage

import pytest
from dag_folder import load_dags

from cchc.clock import parse_as_of
from cchc.night.cut import take_cut
from cchc.settings import Settings

pytestmark = pytest.mark.usefixtures("airflow")


def test_reminders_and_alerts_go_out_once(config: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from calendar_province import make_calendar
    from mail_server import Sink, started, text_of

    make_calendar(config)
    take_cut(config, parse_as_of("2013-02-20"))
    with started(Sink()) as sink:
        extra = {"disable_ssl": True, "disable_tls": True, "from_email": "cchc@example.invalid"}
        place = {"conn_type": "smtp", "host": "127.0.0.1", "port": sink.port, "extra": extra}
        monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps(place))
        for _ in range(2):
            assert load_dags().dags["mail"].test(run_conf={"as_of": "2013-03-06T08:00"}).state == "success"
    letters: dict[str, EmailMessage] = {letter["To"]: letter for _, letter in sink.letters}
    assert len(sink.letters) == 3
    assert set(letters) == {"mot@example.invalid", "hai@example.invalid", "cchc@example.invalid"}
    assert letters["mot@example.invalid"]["From"] == "cchc@example.invalid"
    assert "quá hạn 1 ngày làm việc" in text_of(letters["mot@example.invalid"])


@pytest.mark.parametrize(
    ("words", "url"),
    [
        ({"host": "mail.example.vn", "port": 587, "login": "cchc", "password": "a b/@",
          "extra": {"disable_ssl": True, "from_email": "x@y.vn"}},
         "smtp://cchc:a%20b%2F%40@mail.example.vn:587/?from=x%40y.vn&tls=starttls"),
        ({"host": "mail.example.vn", "port": 465, "extra": {}}, "smtps://mail.example.vn:465/?"),
        ({"host": "mail.example.vn", "extra": {"disable_ssl": True, "disable_tls": True}}, "smtp://mail.example.vn/?"),
    ],
)  # fmt: skip
def test_a_connection_becomes_the_setting(config: Settings, monkeypatch: pytest.MonkeyPatch, words: dict, url: str) -> None:
    import mails

    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps({"conn_type": "smtp", **words}))
    load_dags()
    found = mails.with_mail_server().smtp_url
    assert found is not None
    assert found.get_secret_value() == url

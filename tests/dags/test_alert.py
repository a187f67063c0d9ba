"""No release at 05:00: the audit, the log and a real mail server are told."""

import asyncio
import json
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread

import psycopg
import pytest
from dag_folder import load_dags

from cchc.clock import parse_as_of
from cchc.intake.reference import load_reference
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from province import write_reference

pytestmark = pytest.mark.usefixtures("airflow")
CONTEXT = {"dag_run": {"logical_date": "2013-12-31T18:00:00Z", "run_id": "scheduled__x"}, "deadline": {}}
NIGHT = (
    "insert into ops.night (province, as_of, started_at, state, reason) values ('thu-nghiem', %(t)s, %(t)s, 'red', 'cân đối <b>lệch</b>')"
)


class MailSink:
    """An SMTP server that keeps what it is given."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], EmailMessage]] = []
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        receivers: list[str] = []
        while line := (await reader.readline()).decode().strip():
            word = line.upper()
            if word.startswith("RCPT"):
                receivers.append(line.partition("<")[2].partition(">")[0])
            if word.startswith("DATA"):
                writer.write(b"354 go on\r\n")
                content = await reader.readuntil(b"\r\n.\r\n")
                self.letters.append((receivers, message_from_bytes(content, policy=policy.default)))
            writer.write(b"221 bye\r\n" if word.startswith("QUIT") else b"250 ok\r\n")
            if word.startswith("QUIT"):
                break
        writer.close()


@pytest.fixture
def sink() -> Iterator[MailSink]:
    server = MailSink()
    yield server
    server.close()


@pytest.fixture
def late_night(config: Settings) -> Settings:
    write_reference(config.province)
    load_reference(config)
    with connect("cchc_transformer") as warehouse:
        warehouse.execute(NIGHT, {"t": parse_as_of("2014-01-01T01:00")})
    return config


def alarm() -> None:
    from cchc_alert import release_is_late

    asyncio.run(release_is_late(context=CONTEXT))


def audit(config: Settings) -> list[tuple]:
    with psycopg.connect(config.warehouse_url.get_secret_value()) as admin:
        return admin.execute("select who, what, subject, reason from audit.event where what = 'deadline.missed'").fetchall()


def test_the_operator_gets_one_mail_and_the_audit_one_line(late_night: Settings, sink: MailSink, monkeypatch: pytest.MonkeyPatch) -> None:
    extra = {"disable_ssl": True, "disable_tls": True, "from_email": "cchc@example.invalid"}
    place = {"conn_type": "smtp", "host": "127.0.0.1", "port": sink.port, "extra": extra}
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps(place))
    alarm()
    assert audit(late_night) == [("airflow", "deadline.missed", "thu-nghiem 2013-12-31T18:00:00Z", "red: cân đối <b>lệch</b>")]
    [(receivers, letter)] = sink.letters
    assert receivers == ["truc@example.invalid"]
    assert letter["subject"] == "[CCHC] Chưa có bản chốt số liệu lúc 05:00"
    text = letter.get_body(("html",)).get_content()
    assert "đến 05:00 chưa có bản chốt số liệu" in text
    assert "&lt;b&gt;lệch" in text


def test_without_a_mail_server_the_log_says_so(late_night: Settings, caplog: pytest.LogCaptureFixture) -> None:
    alarm()
    assert len(audit(late_night)) == 1
    assert "no release of night 2013-12-31T18:00:00Z at its deadline: red: cân đối" in caplog.text
    assert "no mail sent: there is no Airflow connection smtp_default" in caplog.text


def test_the_night_has_the_deadline(config: Settings) -> None:
    from datetime import timedelta

    from cchc_alert import release_is_late

    [alert] = load_dags().dags["nightly"].deadline
    assert alert.interval == timedelta(hours=4)  # after 01:00
    assert alert.callback.path == f"{release_is_late.__module__}.release_is_late" == "cchc_alert.release_is_late"

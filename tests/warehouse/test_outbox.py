"""Intent first, never twice by itself: a real mail server, refusals, broken connections, a process killed in between."""

import os
import signal
import subprocess
import sys

import pytest
from pydantic import SecretStr

from cchc.clock import parse_as_of
from cchc.errors import ConfigError, DataError
from cchc.mail.outbox import MOST_ATTEMPTS, Message, deliver, drop, outbox, plan, resend
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.roles import LOADER
from house import free_port, wait_until_free
from mail_server import Sink, sink, text_of  # noqa: F401  (a fixture)

KILLED = """
import os, signal
from cchc.mail import outbox
from cchc.settings import settings
whole = outbox._record
def dies(connection, message_id, state, error):
    if state == "sent":
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(connection, message_id, state, error)
outbox._record = dies
outbox.deliver(settings())
"""


def intend(config: Settings, *names: str, to: str = "mot@example.invalid") -> list[str]:
    with connect(LOADER) as connection:
        letters = [
            Message("X01", name, "reminder", "data_owner", [to], "Đề nghị gửi số liệu", "Kính gửi Quý cơ quan", None) for name in names
        ]
        return plan(connection, config.province.name, letters, parse_as_of("2013-03-05"))


def states(config: Settings) -> dict[str, str]:
    return {row[0]: row[5] for row in outbox(config.province.name)}


def test_a_message_is_planned_once_and_sent_once(config: Settings, sink: Sink) -> None:  # noqa: F811
    assert intend(config, "a") == ["a"]
    assert intend(config, "a") == [], "the same intent is the same message"
    assert states(config) == {"a": "planned"}
    assert deliver(sink.of(config)) == {"a": "sent"}
    assert deliver(sink.of(config)) == {}
    [(receivers, letter)] = sink.letters
    assert receivers == ["mot@example.invalid"]
    assert letter["Message-ID"] == "<a@cchc.invalid>"
    assert letter["Subject"] == "Đề nghị gửi số liệu"
    assert text_of(letter).strip() == "Kính gửi Quý cơ quan"


def test_without_a_server_everything_stays_planned(config: Settings) -> None:
    intend(config, "a")
    assert deliver(config) == {"a": "planned"}
    assert deliver(config.model_copy(update={"smtp_url": SecretStr("")})) == {"a": "planned"}
    with pytest.raises(ConfigError, match="CCHC_SMTP_URL"):
        deliver(config.model_copy(update={"smtp_url": SecretStr("mail.example.vn")}))


def test_a_kill_between_sending_and_recording_leaves_it_in_doubt(config: Settings, sink: Sink) -> None:  # noqa: F811
    intend(config, "a", "b")
    done = subprocess.run([sys.executable, "-c", KILLED], env=os.environ | {"CCHC_SMTP_URL": sink.url}, check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(sink.letters) == 1
    wait_until_free(f"cchc outbox {config.province.name}")
    assert states(config) == {"a": "in_doubt", "b": "planned"}, "shown before anybody writes it down"
    assert deliver(sink.of(config)) == {"b": "sent"}
    assert states(config) == {"a": "in_doubt", "b": "sent"}
    assert [letter["Message-ID"] for _, letter in sink.letters] == ["<a@cchc.invalid>", "<b@cchc.invalid>"], "not sent again by itself"
    assert resend(config, "a", dry_run=True) == "in_doubt"
    assert states(config)["a"] == "in_doubt"
    assert resend(config, "a") == "in_doubt"
    assert deliver(sink.of(config)) == {"a": "sent"}
    assert len(sink.letters) == 3


def test_a_connection_that_breaks_while_the_server_has_the_text_is_in_doubt(config: Settings, sink: Sink) -> None:  # noqa: F811
    intend(config, "a")
    sink.on_data = lambda: "554 not this one"
    assert deliver(sink.of(config)) == {"a": "failed"}, "it said no"
    resend(config, "a")
    sink.breaks = True
    assert deliver(sink.of(config)) == {"a": "in_doubt"}
    assert deliver(sink.of(config)) == {}


def test_no_answer_is_tried_again_and_a_refusal_is_not(config: Settings, sink: Sink) -> None:  # noqa: F811
    intend(config, "a")
    nobody = config.model_copy(update={"smtp_url": SecretStr(f"smtp://127.0.0.1:{free_port()}")})
    assert deliver(nobody) == {"a": "planned"}
    assert "does not answer" in outbox(config.province.name)[0][-1]
    sink.refuse = {"mot@example.invalid": "451 later please"}
    assert deliver(sink.of(config)) == {"a": "planned"}
    sink.refuse = {"mot@example.invalid": "550 no such person"}
    assert deliver(sink.of(config)) == {"a": "failed"}
    assert deliver(sink.of(config)) == {}
    assert "no such person" in outbox(config.province.name)[0][-1]


def test_an_unreachable_server_is_a_failure_in_the_end(config: Settings) -> None:
    intend(config, "a")
    nobody = config.model_copy(update={"smtp_url": SecretStr(f"smtp://127.0.0.1:{free_port()}")})
    assert [deliver(nobody)["a"] for _ in range(MOST_ATTEMPTS)][-2:] == ["planned", "failed"]


def test_a_person_drops_and_no_state_is_left_by_mistake(config: Settings, sink: Sink) -> None:  # noqa: F811
    intend(config, "a", "b")
    assert drop(config, "a") == "planned"
    assert deliver(sink.of(config)) == {"b": "sent"}
    with pytest.raises(DataError, match="is sent"):
        resend(config, "b")
    with pytest.raises(DataError, match="is sent"):
        drop(config, "b")
    with pytest.raises(ConfigError, match="no message z"):
        drop(config, "z")


def test_two_at_once_do_not_send_twice(config: Settings, sink: Sink) -> None:  # noqa: F811
    intend(config, "a")
    second: list[dict[str, str]] = []
    sink.on_data = lambda: second.append(deliver(sink.of(config)))
    assert deliver(sink.of(config)) == {"a": "sent"}
    assert second == [{}]
    assert len(sink.letters) == 1

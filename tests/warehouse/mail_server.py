"""A real SMTP server on loopback that keeps what it takes; aiosmtpd."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from pydantic import SecretStr

from cchc.settings import Settings
from house import free_port


class Sink:
    """Takes everything; `refuse` answers a receiver with 550, `on_data` may act before the server says yes, `breaks` hangs up then."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], EmailMessage]] = []
        self.refuse: dict[str, str] = {}
        self.breaks = False
        self.on_data: Callable[[], str | None] = lambda: None
        self.controller = Controller(self, hostname="127.0.0.1", port=0)

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        self.letters.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        if self.breaks:
            server.transport.abort()
        return self.on_data() or "250 OK"

    @property
    def port(self) -> int:
        return self.controller.port

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}/?from=cchc@example.invalid"

    def of(self, config: Settings) -> Settings:
        """The settings with this server in them."""
        return config.model_copy(update={"smtp_url": SecretStr(self.url)})


@contextmanager
def started(server: Sink) -> Iterator[Sink]:
    """The server while it listens."""
    server.controller.port = free_port()
    server.controller.start()
    try:
        yield server
    finally:
        server.controller.stop()


@pytest.fixture
def sink() -> Iterator[Sink]:
    with started(Sink()) as server:
        yield server


def text_of(letter: EmailMessage, kind: str = "plain") -> str:
    """The letter's text as a person reads it."""
    body = letter.get_body((kind,))
    assert body is not None
    return body.get_content()

"""One SMTP session that knows how far it came: refused before the server took the message, or nobody knows."""

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from types import TracebackType
from typing import Self
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from cchc.clock import now
from cchc.errors import ConfigError
from cchc.settings import Settings

TIMEOUT = 30  # seconds
DEFAULT_PORTS = {"smtp": 25, "smtps": 465}


class Refused(Exception):
    """The server said no: the message did not go out."""


class InDoubt(Exception):
    """The connection broke while the server had the message: it may have gone out."""


class Unreachable(Exception):
    """Nobody answered, or not before the message was handed over: try later."""


def open_sender(config: Settings) -> "Sender | None":
    """A sender to CCHC_SMTP_URL; None when it is not set. Raises ConfigError on a URL that can't be one."""
    text = config.smtp_url.get_secret_value() if config.smtp_url else ""
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise ConfigError("CCHC_SMTP_URL is smtp://... or smtps://[user:secret@]host[:port]/?from=address (docs/settings.md)")
    return Sender(parts)


class Sender:
    """Connects at the first message and again after a broken one."""

    def __init__(self, server: SplitResult) -> None:
        options = {name: values[-1] for name, values in parse_qs(server.query).items()}
        self.server, self.starttls = server, options.get("tls") == "starttls"
        self.address = options.get("from") or f"cchc@{server.hostname}"
        self.session: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._hang_up()

    def send(self, message_id: str, recipients: list[str], subject: str, body: str, html: str | None) -> None:
        """Hand one message over. Raises Refused, InDoubt or Unreachable."""
        letter = self._letter(message_id, recipients, subject, body, html)
        if not recipients:
            raise Refused("nobody to send to: name a contact in reference/contact.csv")
        try:
            session = self.session = self.session or self._connected()
            self._address(session, recipients)
        except OSError as error:  # smtplib's own are among them
            self._hang_up()
            raise _told(error) from error
        self._hand_over(session, letter)

    def _address(self, session: smtplib.SMTP, recipients: list[str]) -> None:
        """Sender and receivers; one that is refused does not keep the others from their mail."""
        answer = session.mail(self.address)
        if answer[0] != 250:
            raise smtplib.SMTPSenderRefused(*answer, self.address)
        refused = {one: said for one in recipients if (said := session.rcpt(one))[0] not in (250, 251)}
        if len(refused) == len(recipients):
            raise smtplib.SMTPRecipientsRefused(refused)

    def _hand_over(self, session: smtplib.SMTP, letter: EmailMessage) -> None:
        try:
            code, said = session.data(letter.as_bytes(policy=SMTP))
        except smtplib.SMTPDataError as error:  # refused before the text
            self._hang_up()
            raise Refused(str(error)) from error
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            raise InDoubt(f"the connection broke while the message was handed over: {error}") from error
        if code != 250:
            session.rset()
            raise Refused(f"{code} {said.decode(errors='replace')}")

    def _connected(self) -> smtplib.SMTP:
        kind = smtplib.SMTP_SSL if self.server.scheme == "smtps" else smtplib.SMTP
        session = kind(self.server.hostname or "", self.server.port or DEFAULT_PORTS[self.server.scheme], timeout=TIMEOUT)
        if self.starttls:
            session.starttls(context=ssl.create_default_context())
        if self.server.username:
            session.login(unquote(self.server.username), unquote(self.server.password or ""))
        session.ehlo_or_helo_if_needed()
        return session

    def _letter(self, message_id: str, recipients: list[str], subject: str, body: str, html: str | None) -> EmailMessage:
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = self.address, ", ".join(recipients), subject
        letter["Message-ID"], letter["Date"] = f"<{message_id}@cchc.invalid>", formatdate(now().timestamp(), localtime=False)
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(body, cte="base64")
        if html:
            letter.add_alternative(html, subtype="html", cte="base64")
        return letter

    def _hang_up(self) -> None:
        if self.session is not None:
            self.session.close()
            self.session = None


def _told(error: OSError) -> Refused | Unreachable:
    """A lasting no, or something that another try may mend (RFC 5321: 4xx)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        lasting = any(code >= 500 for code, _ in error.recipients.values())
    else:
        lasting = isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500
    if lasting:
        return Refused(str(error))
    return Unreachable(f"the mail server does not answer or does not take it now: {error}")

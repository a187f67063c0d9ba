"""`cchc outbox ...`: what was to be sent, what became of it, and a person's word on what is in doubt."""

from typing import Annotated

import typer

from cchc.cli.output import AsJson, DryRun, show, talk
from cchc.settings import settings

app = typer.Typer(no_args_is_help=True, help="Mails: planned, sent, failed, in doubt.")
Number = Annotated[str, typer.Argument(help="the message's id, from `cchc outbox list`")]
COLUMNS = ("message", "kind", "role", "recipients", "subject", "state", "planned_at", "changed_at", "attempts", "error")


@app.command("list")
def list_messages(
    state: Annotated[str | None, typer.Option(help="planned, sending, sent, in_doubt, failed or dropped")] = None, as_json: AsJson = False
) -> None:
    """The province's messages, newest last."""
    from cchc.mail.outbox import outbox

    show(COLUMNS, outbox(settings().province.name, state), as_json)


@app.command("send")
def send(dry_run: DryRun = False) -> None:
    """Send what is planned now."""
    from cchc.mail.outbox import deliver, outbox

    if dry_run:
        talk(f"would be sent: {len(outbox(settings().province.name, 'planned'))} messages")
        return
    tell(deliver(settings()))


@app.command("resend")
def resend(message: Number, dry_run: DryRun = False) -> None:
    """Send a message again that failed, was dropped or is in doubt: the receiver may get it twice."""
    from cchc.mail.outbox import deliver
    from cchc.mail.outbox import resend as again

    before = again(settings(), message, dry_run)
    talk(f"{'would be' if dry_run else '✓'} {message}: {before} → planned")
    if not dry_run:
        tell(deliver(settings()))


@app.command("drop")
def drop_message(message: Number, dry_run: DryRun = False) -> None:
    """Let a message go: it is not sent (any more)."""
    from cchc.mail.outbox import drop

    talk(f"{'would be' if dry_run else '✓'} {message}: {drop(settings(), message, dry_run)} → dropped")


def tell(outcome: dict[str, str]) -> None:
    """Say what became of the messages, and how they get out when there is no server."""
    for message, state in outcome.items():
        talk(f"{'✓' if state == 'sent' else '…' if state == 'planned' else '✗'} {message}: {state}")
    if outcome and set(outcome.values()) == {"planned"}:
        talk("nothing was sent: set CCHC_SMTP_URL, or look at `cchc outbox list` for the reason")

"""`cchc mail ...`: the day's reminders and alerts, planned once and sent."""

import typer

from cchc.cli.night import _instant
from cchc.cli.outbox import tell
from cchc.cli.output import AsOf, DryRun, talk
from cchc.settings import settings

app = typer.Typer(no_args_is_help=True, help="The day's mails: reminders to senders, alerts to roles.")


@app.command("reminders")
def reminders(as_of: AsOf = None, dry_run: DryRun = False) -> None:
    """Remind senders of what they owe: -5, -1, 0, +1, +3 working days around a due day, one mail each. Again: nothing new."""
    from cchc.mail.outbox import deliver
    from cchc.mail.reminders import plan_reminders

    told = plan_reminders(settings(), _instant(as_of), dry_run)
    for sender in told.nobody_to_tell:
        talk(f"✗ {sender} owes data and has no contact: add its data_owner to reference/contact.csv")
    talk(f"{'would be' if dry_run else '✓'} {len(told.planned)} reminders planned")
    if not dry_run:
        tell(deliver(settings()))


@app.command("alerts")
def alerts(as_of: AsOf = None, dry_run: DryRun = False) -> None:
    """Tell each role what is wrong, what is being mended and what was solved: one mail a day. Again: nothing new."""
    from cchc.mail.alerts import plan_alerts
    from cchc.mail.outbox import deliver

    planned = plan_alerts(settings(), _instant(as_of), dry_run)
    talk(f"{'would be' if dry_run else '✓'} {len(planned)} alerts planned")
    if not dry_run:
        tell(deliver(settings()))

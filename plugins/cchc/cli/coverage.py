"""`cchc coverage ...`: who owes what until when, by name, and what came of it."""

from typing import Annotated

import typer

from cchc.cli.night import _instant
from cchc.cli.output import AsJson, AsOf, show
from cchc.settings import settings

app = typer.Typer(no_args_is_help=True, help="Deliveries that units owe, and what came of them.")
COLUMNS = ("unit", "feed", "period", "sender", "state", "due_on", "accept_on", "exception", "until", "decided_by", "reason")


@app.command("list")
def list_coverage(
    as_of: AsOf = None,
    feed: Annotated[str | None, typer.Option(help="one feed")] = None,
    period: Annotated[str | None, typer.Option(help="one period, e.g. 2013-Q4")] = None,
    missing: Annotated[bool, typer.Option("--missing", help="only what is not usable yet")] = False,
    as_json: AsJson = False,
) -> None:
    """The denominator by name: every unit that owes a delivery at the as-of, with its state and both dates."""
    from cchc.intake.expected import owed
    from cchc.warehouse.connect import connect
    from cchc.warehouse.roles import LOADER

    with connect(LOADER) as connection:
        rows = owed(connection, settings().province.name, _instant(as_of))
    wanted = [one for one in rows if feed in (None, one.feed) and period in (None, one.period_code) and not (missing and one.usable)]
    shown = [(*one[:5], *one[6:]) for one in sorted(wanted, key=lambda one: (one.feed, one.period_code, one.agency_code))]
    show(COLUMNS, shown, as_json)

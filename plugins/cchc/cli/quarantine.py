"""`cchc quarantine ...`: rows that a contract refused, and reading them again after a rule or a reference table changed."""

from typing import Annotated

import typer

from cchc.cli.output import AsJson, DryRun, show, talk
from cchc.settings import settings

app = typer.Typer(no_args_is_help=True, help="Rows that a contract refused: which are open, what is known of them, reading them again.")
Delivery = Annotated[int | None, typer.Option(help="one delivery's number")]
Source = Annotated[str | None, typer.Option(help="part of a source's id")]


@app.command("list")
def list_rows(
    delivery: Delivery = None,
    source: Source = None,
    closed: Annotated[bool, typer.Option("--closed", help="the closed ones too")] = False,
    as_json: AsJson = False,
) -> None:
    """Open refused rows: delivery, line, rule, column and reason (no personal data are kept)."""
    from cchc.intake.refused import refused_rows

    rows = refused_rows(settings().province.name, delivery, source, closed)
    show(("delivery", "file", "line", "rule", "column", "reason", "state", "closed_by"), [row[:8] for row in rows], as_json)


@app.command("show")
def show_rows(
    delivery: Annotated[int, typer.Argument(help="the delivery's number, from `cchc quarantine list`")],
    line: Annotated[int | None, typer.Option(help="one line of its file")] = None,
    as_json: AsJson = False,
) -> None:
    """A delivery's refused rows with the cells that were kept of them: those that read well and are nobody's data."""
    from cchc.intake.refused import refused_rows

    rows = [row for row in refused_rows(settings().province.name, delivery, None, True) if line in (None, row[2])]
    show(("line", "rule", "column", "reason", "state", "closed_by", "closed_at", "cells"), [row[2:] for row in rows], as_json)


@app.command("replay")
def replay_rows(delivery: Delivery = None, source: Source = None, dry_run: DryRun = False) -> None:
    """Read open rows again under today's contract and units; what passes joins its own delivery, the next night follows."""
    from cchc.intake.replay import replay

    done = replay(settings(), delivery, source, dry_run)
    for one in done:
        about = f"delivery {one.delivery_id} {one.file}"
        if dry_run:
            talk(f"would be read again: {about}: {one.lines} open rows")
        elif one.problem:
            talk(f"✗ {about}: can't be read again: {one.problem}")
        else:
            talk(f"✓ {about}: {one.accepted} of {one.lines} open rows accepted")
    if not done:
        talk("would be nothing: no open rows" if dry_run else "✓ no open rows")

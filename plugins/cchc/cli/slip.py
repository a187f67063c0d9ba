"""`cchc slip ...`: return slips for senders."""

from typing import Annotated

import typer

from cchc.cli.output import AsJson, DryRun, show, talk
from cchc.settings import settings

app = typer.Typer(no_args_is_help=True, help="Return slips: what a sender has to mend, as a workbook.")


@app.command("list")
def list_slips(as_json: AsJson = False) -> None:
    """Deliveries that go back to their sender: status, refused and open rows, where the slip lies."""
    from cchc.intake.slips import needed_slips

    rows = [(*row[:6], row[6] if row[6].exists() else None) for row in needed_slips(settings())]
    show(("delivery", "sender", "file", "status", "quarantined", "open", "slip"), rows, as_json)


@app.command("write")
def write(
    delivery: Annotated[list[int] | None, typer.Option(help="one delivery's number; may be given again")] = None, dry_run: DryRun = False
) -> None:
    """Write slips anew from the warehouse, all or some; prints their paths."""
    from cchc.intake.slips import needed_slips, write_slips

    if dry_run:
        for row in needed_slips(settings(), delivery):
            talk(f"would be written: {row[6]}")
        if not needed_slips(settings(), delivery):
            talk("would be nothing: no delivery goes back")
        return
    for path in write_slips(settings(), delivery):
        print(path)

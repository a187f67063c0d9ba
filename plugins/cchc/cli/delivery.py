"""`cchc delivery ...`: what came, and a person's word on it."""

from pathlib import Path
from typing import Annotated

import typer

from cchc.cli.output import AsJson, DryRun, show, talk
from cchc.settings import settings

app = typer.Typer(no_args_is_help=True, help="Deliveries: list, withdraw a wrong one, accept a held one, open or destroy kept bytes.")
Reason = Annotated[str, typer.Option("--reason", help="why; goes to the audit")]
Number = Annotated[int, typer.Argument(help="the delivery's number, from `cchc delivery list`")]
COLUMNS = ("delivery", "source", "status", "arrived_at", "read", "accepted", "unchanged", "quarantined", "skipped", "reason", "file")


@app.command("list")
def list_deliveries(
    status: Annotated[str | None, typer.Option(help="received, accepted, held, refused or withdrawn")] = None,
    source: Annotated[str | None, typer.Option(help="part of a source's id")] = None,
    as_json: AsJson = False,
) -> None:
    """All deliveries of the province, newest last."""
    from cchc.intake.decide import deliveries

    show(COLUMNS, deliveries(settings().province.name, status, source), as_json)


@app.command("withdraw")
def withdraw(number: Number, reason: Reason, dry_run: DryRun = False) -> None:
    """Take a wrong delivery out of every cut to come; releases that were made with it stay."""
    _decide(number, "withdrawn", reason, dry_run)


@app.command("accept")
def accept(number: Number, reason: Reason, dry_run: DryRun = False) -> None:
    """Let a held delivery in, e.g. a lawful shrunk one; the next night takes it."""
    _decide(number, "accepted", reason, dry_run)


@app.command("open")
def open_plain(
    number: Number,
    out: Annotated[Path, typer.Option("--out", help="a new file, for you alone to read")],
    reason: Reason,
    dry_run: DryRun = False,
) -> None:
    """Write a delivery's plain bytes to a file; who, what, hash and reason go to the audit first."""
    from cchc.intake.custody import open_bytes

    size = open_bytes(settings(), number, out, reason, dry_run)
    talk(f"would be: delivery {number} into {out}" if dry_run else f"✓ {size} bytes in {out}; delete it when you are done")


@app.command("destroy")
def destroy(number: Number, reason: Reason, dry_run: DryRun = False) -> None:
    """Destroy a delivery's key and bytes for good; hash, tombstone and every figure stay. Can't be undone."""
    from cchc.intake.custody import destroy_bytes

    kept = destroy_bytes(settings(), number, reason, dry_run)
    talk(f"{'would be' if dry_run else '✓'} destroyed: key and bytes of delivery {number} ({kept.sha256[:12]}); backups of the keys "
         "hold it until they are thinned, and the sender's own file may still lie in the inbox")  # fmt: skip


def _decide(number: int, status: str, reason: str, dry_run: bool) -> None:
    from cchc.intake.decide import decide

    before = decide(settings().province.name, number, status, reason, dry_run)
    talk(f"{'would be' if dry_run else '✓'} delivery {number}: {before} → {status}; the next night's cut follows")

"""`cchc agency ...`: one more agency in a province of one's own."""

from datetime import date
from typing import Annotated

import typer

from cchc.cli.output import DryRun, talk
from cchc.settings import settings

app = typer.Typer(no_args_is_help=True, help="Agencies of the province folder.")


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no date YYYY-MM-DD") from error


@app.command("add")
def add(
    code: Annotated[str, typer.Argument(help="official code, unique in the nation")],
    name_vi: Annotated[str, typer.Option("--name-vi", help="official name")],
    sender: Annotated[str, typer.Option("--sender", help="name of its file and its inbox folder, e.g. so-du-lich")],
    valid_from: Annotated[str, typer.Option("--valid-from", help="the day it began, YYYY-MM-DD", callback=_day)],
    source: Annotated[str, typer.Option("--source", help="where that is written: the decree, the register")],
    parent: Annotated[str, typer.Option("--parent", help="code of the unit above it")],
    kind: Annotated[str, typer.Option(help="department, district or commune")] = "department",
    level: Annotated[str, typer.Option(help="province, district or commune")] = "province",
    block: Annotated[str, typer.Option(help="who it is ranked with; '' = not scored")] = "department",
    feed: Annotated[list[str] | None, typer.Option("--feed", help="what it will send; may be given again (default dossier_log)")] = None,
    dry_run: DryRun = False,
) -> None:
    """Add a unit and its sender's file, both checked; the same call again changes nothing."""
    from cchc.province.agency import Agency, add_agency

    config = settings()
    unit = {"agency_code": code, "name_vi": name_vi, "kind": kind, "level": level, "block": block, "parent_code": parent,
            "valid_from": valid_from, "source": source}  # fmt: skip
    for path, changes in add_agency(config.province, Agency(unit, sender, feed or ["dossier_log"]), dry_run).items():
        talk(f"{'=' if not changes else 'would be:' if dry_run else '✎'} {path.relative_to(config.province)}")
    talk(f"next: put a file into {config.inbox_path / sender}, then `cchc run ingest --sender {sender}`")

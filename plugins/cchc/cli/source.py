"""`cchc source list|preview|upload`: how sources stand, what their rows will be, a file handed in."""

from pathlib import Path
from typing import Annotated

import typer

from cchc.cli.night import _instant
from cchc.cli.output import AsJson, AsOf, DryRun, show, talk
from cchc.clock import now
from cchc.settings import settings


def list_sources(as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Every source: its state, what came last, how fresh that is for its rhythm, rows open in quarantine, and why it fails."""
    from cchc.intake.standing import Standing, standings
    from cchc.warehouse.connect import connect
    from cchc.warehouse.roles import LOADER

    with connect(LOADER) as connection:
        show(Standing._fields, standings(connection, settings(), _instant(as_of)), as_json)


def preview_source(
    source: Annotated[str | None, typer.Argument(help="SENDER/SOURCE; default: the one whose files are called like --file")] = None,
    file: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="a file; default: the newest that the source offers")
    ] = None,
    rows: Annotated[int, typer.Option(min=1, max=1000, help="how many")] = 10,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Show the first rows as they will be accepted; nothing is stored."""
    from cchc.night.preview import preview

    shown = preview(settings(), source, file, rows, _instant(as_of))
    talk(f"{shown.source_id}: {shown.file}")
    if shown.dropped:
        talk(f"not taken in, personal: {', '.join(shown.dropped)}")
    for line, column, why in shown.refused:
        talk(f"to quarantine: line {line}{f', {column}' if column else ''}: {why}")
    names = ["_line", *shown.columns, "_flags"]
    if not as_json:  # a table shows what is filled
        names = [name for name in names if any(row[name] is not None for row in shown.rows)]
    show(names, [[row[name] for name in names] for row in shown.rows], as_json)


def upload_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="the file to hand in")],
    source: Annotated[str, typer.Option(help="SENDER/SOURCE, one with connect: {kind: upload}")],
    dry_run: DryRun = False,
) -> None:
    """Hand in a file for a source; its next intake takes it like any delivery."""
    from cchc.intake.handed_in import take_upload

    with file.open("rb") as content:
        handed = take_upload(settings(), source, file.name, content, now(), dry_run)
    if handed is None:
        talk(f"would hand in {file.name} ({file.stat().st_size} bytes) for {source}")
        return
    print(handed.name)
    talk(f"✓ {handed.size} bytes, SHA-256 {handed.sha256[:12]}…; next: cchc run ingest --sender {source.split('/')[-2]}")

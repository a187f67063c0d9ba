"""How commands print: rows as an aligned table or JSON on stdout, talk on stderr."""

import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="print JSON instead of a table")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="say what would be done, change nothing")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="YYYY-MM-DD (its end) or an ISO instant; default now")]


def talk(words: str) -> None:
    """Say something to the person at the terminal, after the data that was printed before: pipes hold those back otherwise."""
    with suppress(OSError):  # who reads the data may be gone; that shows when the command ends
        sys.stdout.flush()
    print(words, file=sys.stderr, flush=True)


def show(names: Sequence[str], rows: Sequence[Sequence[Any]], as_json: bool) -> None:
    """Print rows under their column names."""
    if as_json:
        print(json.dumps([dict(zip(names, row, strict=True)) for row in rows], ensure_ascii=False, indent=1, default=str))
        return
    cells = [list(names), *[["–" if cell is None else str(cell) for cell in row] for row in rows]]
    widths = [max(len(row[place]) for row in cells) for place in range(len(names))]
    for row in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def write_made(files: dict[Path, str], dry_run: bool) -> None:
    """Write generated files where they differ, naming each: `=` as it was, `✎` new or changed."""
    for path, text in files.items():
        same = path.exists() and path.read_text(encoding="utf-8") == text
        talk(f"{'=' if same else '✎'} {path.name}")
        if not (same or dry_run):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

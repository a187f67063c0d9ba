"""`cchc reconciliation ...`: the ledger of what was compared with what, and what agencies say to it."""

from datetime import datetime
from typing import Annotated

import typer

from cchc.cli.output import AsJson, DryRun, show, talk
from cchc.settings import settings

app = typer.Typer(no_args_is_help=True, help="The ledger: figures against registers, reports and published tables.")


@app.command("list")
def list_ledger(
    period: Annotated[str | None, typer.Option(help="2013-Q4, 2013, ...; default all")] = None,
    unit: Annotated[str | None, typer.Option(help="one unit's code")] = None,
    check: Annotated[str | None, typer.Option(help="one comparison's id, from reconciliation_check.csv")] = None,
    verdict: Annotated[str | None, typer.Option(help="agree, differs, own_missing or other_missing")] = None,
    release: Annotated[str | None, typer.Option(help="default: the newest")] = None,
    as_json: AsJson = False,
) -> None:
    """Comparisons of one release: both values, their sources, difference, tolerance, verdict, the agency's explanation."""
    from cchc.reports.ledger import FIELDS, HEAD, fields, ledger, line

    rows = ledger(settings().province.name, release, period, unit, check, verdict)
    show(FIELDS if as_json else HEAD, [(fields if as_json else line)(row) for row in rows], as_json)


@app.command("explain")
def explain_line(
    unit: Annotated[str, typer.Argument(help="the agency's code")],
    period: Annotated[str, typer.Argument(help="2013-Q4, 2013, ...")],
    check: Annotated[str, typer.Argument(help="the comparison's id")],
    text: Annotated[str, typer.Option(help="the agency's words")],
    by: Annotated[str, typer.Option(help="who gave them: a role, a letter's number")],
    book: Annotated[str | None, typer.Option(help="the report's or index's code, where several are compared")] = None,
    about: Annotated[str | None, typer.Option(help="the breakdown, or whom the line speaks of")] = None,
    line: Annotated[str | None, typer.Option(help="the line's code")] = None,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the day they were given; default today")] = None,
    dry_run: DryRun = False,
) -> None:
    """Record an agency's explanation of a line; it is never changed, and nights as of that day or later show it."""
    from cchc.release.explanations import Line, explain

    asked = Line(unit, period, check, book, about, line)
    found = explain(settings().province.name, asked, text, by, on.date() if on else None, dry_run)
    talk(f"{'would be' if dry_run else '✓'} explained: {found}; the next night's ledger shows it")

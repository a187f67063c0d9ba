"""`cchc release ...` and `cchc report`: frozen results and what is printed from them."""

from pathlib import Path
from typing import Annotated

import typer

from cchc.cli.output import AsJson, DryRun, show, talk
from cchc.errors import DataError
from cchc.reports.tree import Tree
from cchc.settings import settings

app = typer.Typer(no_args_is_help=True, help="Releases: list them, verify them.")


@app.command("list")
def list_releases(as_json: AsJson = False) -> None:
    """The province's releases, newest last."""
    from cchc.release.read import releases

    show(("release", "as_of", "provisional", "content_hash", "partitions"), releases(settings().province.name), as_json)


@app.command("verify")
def verify(release_id: Annotated[str | None, typer.Argument(help="default: all of the province")] = None, as_json: AsJson = False) -> None:
    """Check the signature and every partition's hash."""
    from cchc.release.read import releases
    from cchc.release.verify import verify_release

    chosen = [release_id] if release_id else [row[0] for row in releases(settings().province.name)]
    rows = [(name, problem) for name in chosen for problem in verify_release(settings(), name)]
    show(("release", "problem"), rows, as_json)
    if rows:
        raise DataError(f"{len(rows)} problems in {len({r[0] for r in rows})} releases")
    talk(f"✓ {len(chosen)} releases: signatures and hashes hold")


def report(
    period: Annotated[str, typer.Option(help="2013-Q4, 2013-H1, 2013-9M, 2013, 2013-05")],
    scope: Annotated[str | None, typer.Option(help="a unit's code; default the province")] = None,
    release: Annotated[str | None, typer.Option(help="default: the newest")] = None,
    formats: Annotated[str, typer.Option(help="comma-separated")] = "docx,pdf,xlsx,json",
    out: Annotated[Path | None, typer.Option(help="folder; default <home>/reports")] = None,
    tree: Annotated[Tree, typer.Option(help="units of the period's time, or of today with those merged into them")] = Tree.THEN,
    dry_run: DryRun = False,
) -> None:
    """Print a period's report from one release; prints the files' paths."""
    from cchc.reports.run import print_report

    for path in print_report(settings(), period, scope, release, tuple(formats.split(",")), out, dry_run, tree):
        print(path)

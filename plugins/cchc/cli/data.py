"""`cchc source|contract ...`: what is expected of whom."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cchc.cli.output import AsJson, AsOf, DryRun, show, write_made
from cchc.settings import settings

source_app = typer.Typer(no_args_is_help=True, help="Sources: who sends what, and what came last.")
contract_app = typer.Typer(no_args_is_help=True, help="Feed contracts and what is made from them.")


class Form(StrEnum):
    """The formats of `cchc contract export`."""

    ODCS = "odcs"
    TABLE_SCHEMA = "table-schema"


@source_app.command("check")
def check_file(
    file: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="a file; default: the newest that the source has")] = None,
    source: Annotated[str | None, typer.Option(help="SENDER/SOURCE; default: the one whose files are called like --file")] = None,
    out: Annotated[Path | None, typer.Option(help="where the workbook goes; default kiem-tra-<file>.xlsx here")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """What the night would say of a file or of what a source has now, and which line of its YAML would mend it.

    Nothing is stored; the workbook with the sender's own cells is all that is left.
    """
    from cchc.cli.check import check

    check(file, source, out, as_of, as_json)


@contract_app.command("list")
def list_contracts(as_json: AsJson = False) -> None:
    """The feeds, their versions and titles."""
    from cchc.contracts import contract, feeds

    rows = [(f, contract(f).version, contract(f).mode.value, contract(f).title_vi) for f in feeds()]
    show(("feed", "version", "mode", "title"), rows, as_json)


@contract_app.command("sql")
def contract_sql(feed: str) -> None:
    """What the newest version of a feed's contract makes of its table, to be committed as a migration."""
    from cchc.contracts import contract
    from cchc.contracts.tables import steps_sql

    contract(feed)  # an unknown feed is told
    print(steps_sql(feed)[-1], end="")


@contract_app.command("suites")
def contract_suites(dry_run: DryRun = False) -> None:
    """Compile all contracts' delivery rules to expectations/feeds/."""
    from cchc.contracts.suites import compiled

    write_made(compiled(settings().project / "expectations/feeds"), dry_run)


@contract_app.command("staging")
def contract_staging(dry_run: DryRun = False) -> None:
    """Make the staging models of all feeds from their contracts."""
    from cchc.contracts.staging import staging_files

    write_made(staging_files(settings().project / "dbt_project/models/staging"), dry_run)


@contract_app.command("docs")
def contract_docs(dry_run: DryRun = False) -> None:
    """Make the page and the example file of every feed from its contract."""
    from cchc.contracts.docs import pages

    write_made(pages(settings().project / "docs/feeds"), dry_run)


@contract_app.command("export")
def contract_export(
    feed: str,
    form: Annotated[Form, typer.Option("--format", help="Open Data Contract Standard or Frictionless Table Schema")],
    version: Annotated[int | None, typer.Option(help="the contract's version; default the newest")] = None,
) -> None:
    """Print a feed's contract in a format that others read."""
    from cchc.contracts import contract
    from cchc.contracts.export import exported

    print(exported(contract(feed, version), form.value), end="")

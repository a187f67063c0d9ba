"""`cchc compliance ...`: how the directives are carried out, from one release."""

from typing import Annotated

import typer

from cchc.cli.output import AsJson, show
from cchc.settings import settings

app = typer.Typer(no_args_is_help=True, help="Duties of the directives that bind the province, and how they stand.")


@app.command("list")
def list_compliance(
    period: Annotated[str, typer.Option(help="2013-Q4, 2013-H1, 2013-9M, 2013, 2013-05, P2016-2020")],
    directive: Annotated[str | None, typer.Option(help="one directive, e.g. LA")] = None,
    unit: Annotated[str | None, typer.Option(help="one unit's code")] = None,
    each: Annotated[bool, typer.Option("--each", help="a line for every unit instead of their number at each status")] = False,
    release: Annotated[str | None, typer.Option(help="default: the newest")] = None,
    as_json: AsJson = False,
) -> None:
    """The duties of a period in the order of the directives' clauses, from one release; `--json` prints every unit's row."""
    from cchc.reports.compliance_list import DUTY_HEAD, FIELDS, UNIT_HEAD, ComplianceList

    listed = ComplianceList(settings().province.name, period, release, directive, unit)
    if as_json:
        show(FIELDS, listed.fields(), as_json)
    elif unit or each:
        show(UNIT_HEAD, listed.by_unit(), as_json)
    else:
        show(DUTY_HEAD, listed.by_duty(), as_json)

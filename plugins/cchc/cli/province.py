"""`cchc province ...`: a province folder of one's own."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cchc.cli.output import AsJson, DryRun, show, talk
from cchc.clock import now
from cchc.settings import settings

app = typer.Typer(no_args_is_help=True, help="A province folder of one's own.")


@app.command("init")
def init(
    folder: Annotated[Path, typer.Argument(help="a new folder; its name becomes the province's slug, e.g. dags/provinces/lao-cai")],
    units: Annotated[Path, typer.Option("--units", help="workbook of the units (docs/how-to-start-a-province.md)")],
    name_vi: Annotated[str, typer.Option("--name-vi", help="the province's name, e.g. 'Lào Cai'")],
    code: Annotated[str, typer.Option("--code", help="its official code, one of the workbook's")],
    directives: Annotated[str, typer.Option(help="which directives bind it, e.g. SL-152,LA; none: add them later")] = "",
    go_live_on: Annotated[str, typer.Option("--go-live-on", help="YYYY-MM-DD; older periods load as history. Default today")] = "",
    years: Annotated[str, typer.Option(help="years of the calendar, e.g. 2024-2027. Default: two before go-live to one after")] = "",
    operator: Annotated[str, typer.Option(help="who runs it: 'Name <e-mail>'; is mailed when a night fails")] = "",
    dry_run: DryRun = False,
) -> None:
    """Make a complete province folder from a workbook of units."""
    from cchc.province.init import Wanted, init_province

    start = _day(go_live_on)
    chosen = [word.strip() for word in directives.split(",") if word.strip()]
    wanted = Wanted(code, name_vi, units, _years(years, start), start, chosen, settings().project / "dbt_project/seeds/measure.csv",
                    _person(operator))  # fmt: skip
    made = init_province(folder.absolute(), wanted, dry_run)
    for path in made.files:
        talk(f"{'would be:' if dry_run else '✎'} {folder / path.relative_to(folder.absolute())}")
    duties = made.duties
    talk(f"✓ {made.units} units, {len(duties.bound)} duties of {len(duties.directives)} directives")
    if duties.waiting:
        talk(f"! {len(duties.waiting)} of them have no data, for no measure of theirs is made yet: {', '.join(sorted(duties.waiting))}")
    if duties.unnamed:
        talk(f"! the directives name bodies that the workbook lacks; add them to obligation_unit.csv: {', '.join(duties.unnamed)}")
    if not operator:
        talk("! contact.csv and user_scope.csv hold nobody: add at least an operator")
    talk(f"next: CCHC_PROVINCE={folder}, then `cchc migrate` and `cchc agency add`")


@app.command("periods")
def show_periods(
    years: Annotated[str, typer.Option(help="e.g. 2012-2014")],
    regime: Annotated[str | None, typer.Option(help="calendar-2011, cv-581, cv-725; default: each year's own")] = None,
    days: Annotated[bool, typer.Option("--days", help="the single days too: figures and duties of a day")] = False,
    as_json: AsJson = False,
) -> None:
    """Print the rows of reference/period.csv for other years or another regime; programmes too. Deadlines by `deadline_on_day_off`."""
    from cchc.province import periods
    from cchc.province.calendar import Calendar
    from cchc.province.tables import csv_text, read_table

    path = settings().province / "reference/setting.csv"
    chosen = {row["name"]: row["value"] for row in read_table(path)[1]} if path.is_file() else {}
    listed = _years(years, now().date())
    rows = periods.period_rows(listed, Calendar(listed), regime, chosen.get("deadline_on_day_off", periods.ON_DAY_OFF[0]))
    rows += periods.programme_rows(listed, Calendar(listed)) + (periods.day_rows(listed) if days else [])
    if as_json:
        show(periods.HEADER, rows, as_json)
    else:
        print(csv_text(periods.HEADER, rows), end="")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else now().date()
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no date YYYY-MM-DD") from error


def _years(text: str, start: date) -> range:
    first, _, last = text.partition("-")
    if not text:
        return range(start.year - 2, start.year + 2)
    if not (first.isdecimal() and (last or first).isdecimal() and 2000 <= int(first) <= int(last or first) < 2100):
        raise typer.BadParameter(f"{text!r} are no years like 2024-2027")
    return range(int(first), int(last or first) + 1)


def _person(text: str) -> tuple[str, str] | None:
    name, _, mail = text.rstrip(">").partition("<")
    if text and "@" not in mail:
        raise typer.BadParameter(f"{text!r} is no 'Name <e-mail>'")
    return (name.strip(), mail.strip()) if text else None

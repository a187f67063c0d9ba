"""`cchc explain measure` and `cchc explain figure`: why a figure is what it is."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cchc.cli.output import AsJson, talk
from cchc.errors import ConfigError, DataError
from cchc.settings import settings

app = typer.Typer(no_args_is_help=True, help="Why a figure is what it is.")


@app.command("measure")
def explain_measure(
    measure: Annotated[str, typer.Argument(help="ID, or ID@VERSION")],
    unit: Annotated[str, typer.Option(help="a unit's code; the province's for the whole")],
    period: Annotated[str, typer.Option(help="2013-Q4, 2013, ...")],
    dim: Annotated[str, typer.Option(help="a breakdown, e.g. channel=online")] = "",
    release: Annotated[str, typer.Option(help="a release's id: the figure as frozen; default the last night's")] = "",
    out: Annotated[Path | None, typer.Option(help="write the rows behind it to this workbook (.xlsx)")] = None,
    as_json: AsJson = False,
) -> None:
    """A figure of the last night, or of a release: numerator, denominator, what was left out, the deliveries it came by, the checks;
    1 when its rows do not add up to it. Rows of a release are made anew from its deliveries, as long as a build of their facts takes."""
    from cchc.night.explain import explain

    _check(out)
    _tell(_of_release(measure, unit, period, dim, release) if release else explain(settings(), measure, unit, period, dim), out, as_json)


@app.command("figure")
def explain_figure_command(
    figure: Annotated[
        str, typer.Argument(help="a figure's id as a report prints it, e.g. form_ii06a_c3@1:H52.02:2013-Q4:sector=lv-493d8a")
    ],
    release: Annotated[str, typer.Option(help="a release's id: the figure as frozen; default the last night's")] = "",
    out: Annotated[Path | None, typer.Option(help="write the rows behind it to this workbook (.xlsx)")] = None,
    as_json: AsJson = False,
) -> None:
    """As `explain measure`, by the id that a report prints: of a measure, or of a cell of form II.06a or II.07b, whose rows are dossiers
    or procedures; 1 when they do not add up to it."""
    from cchc.night.explain_figure import explain_figure

    _check(out)
    _tell(explain_figure(settings(), figure, release), out, as_json)


def _check(out: Path | None) -> None:
    if out and out.suffix != ".xlsx":
        raise ConfigError(f"--out {out.name}: the rows are written as a workbook; name it .xlsx")


def _tell(told: Any, out: Path | None, as_json: bool) -> None:
    """Print it, write its rows, and complain when they do not add up."""
    from cchc.night.explain_book import explain_bytes

    print(_as_json(told) if as_json else "\n".join(_lines(told)))
    if out:
        out.write_bytes(explain_bytes(told))
        talk(f"✎ {out}: {len(told.rows)} rows")
    if not told.adds_up and told.same_cut:
        since = ", or code or reference data changed since the release" if told.note_vi else ""
        raise DataError(f"the rows add up to {_sides(told)}, not to the figure: please report it{since}")


def _of_release(measure: str, unit: str, period: str, dim: str, release: str) -> Any:
    from cchc.night.explain_release import explain_release

    return explain_release(settings(), measure, unit, period, dim, release)


def _sides(told: Any) -> str:
    return f"{_number(told.numerator)}/{_number(told.denominator)}" if told.denominator is not None else _number(told.numerator)


def _lines(told: Any) -> list[str]:
    failed = [check for check in told.checks if not check["success"]]
    lines = [f"{told.figure['figure']} = {_value(told)}", told.measure.title_vi, "", *(_cell(told) if told.about else _counted(told))]
    lines += [f"left out     {count}  {name}" for name, count in told.left_out.items()] or [f"left out     –  {told.measure.exclusions_vi}"]
    lines += [f"as of        {told.as_of.isoformat()}, release {told.release or 'none yet'}", "", f"{len(told.deliveries)} deliveries"]
    lines += [_delivery(delivery) for delivery in told.deliveries]
    lines.append(f"{len(told.checks)} checks, {len(failed)} failed")
    lines += [f"  ✗ {check['suite']} {check['subject']} {check['severity']}: {check['message_vi']}" for check in failed]
    lines += [told.note_vi] if told.note_vi else []
    verdict = "add up to it" if told.adds_up else f"add up to {_sides(told)}: the figure differs"
    return [*lines, f"{'✓' if told.adds_up else '✗'} {len(told.rows)} rows {verdict}"]


def _counted(told: Any) -> list[str]:
    figure, measure = told.figure, told.measure
    lines = [f"numerator    {_number(figure['numerator'])}  {measure.numerator_vi}"]
    if measure.denominator_vi:
        lines.append(f"denominator  {_number(figure['denominator'])}  {measure.denominator_vi}")
    return lines


def _cell(told: Any) -> list[str]:
    return [f"{name:<12} {words}" for name, words in told.about.items()]


def _delivery(one: dict[str, Any]) -> str:
    arrived = f"{one['arrived_at']:%Y-%m-%d %H:%M}"
    return f"  {one['delivery_id']}  {one['source_id']}  {arrived}  {one['rows_usable']} rows  sha256 {one['sha256'][:12]}  {one['name']}"


def _value(told: Any) -> str:
    figure = told.figure
    if figure["status"] == "M":
        return "– (not collected)"
    if figure["value"] is None:
        return "0/0 (nothing to measure)"
    return f"{figure['value'] * 100:.{told.measure.decimals}f} %" if told.measure.kind == "ratio" else _number(figure["value"])


def _number(value: Any) -> str:
    return "–" if value is None else str(value) if isinstance(value, int) else f"{value:f}"


def _as_json(told: Any) -> str:
    import json

    names = ("figure", "about", "as_of", "release", "left_out", "deliveries", "checks", "adds_up", "note_vi", "same_cut", "rows")
    parts = {"measure": told.measure.model_dump(mode="json")} | {name: getattr(told, name) for name in names}
    return json.dumps([parts], ensure_ascii=False, indent=1, default=str)

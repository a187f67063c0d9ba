"""`cchc run ...` and `cchc history`: intake and nights without Airflow."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from cchc.cli.output import AsJson, AsOf, DryRun, show, talk
from cchc.clock import end_of_day, monotonic, parse_as_of
from cchc.errors import DataError
from cchc.settings import settings

app = typer.Typer(no_args_is_help=True, help="Run an intake or a night here and now, without Airflow; list the nights.")
FullRefresh = Annotated[bool, typer.Option("--full-refresh", help="build the facts whole instead of what changed")]


def _instant(text: str | None) -> datetime:
    try:
        return parse_as_of(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no date YYYY-MM-DD and no ISO instant") from error


@app.command("ingest")
def ingest(
    as_of: AsOf = None,
    sender: Annotated[str | None, typer.Option(help="one sender's file stem; default all")] = None,
    dry_run: DryRun = False,
) -> None:
    """Take in what senders have left up to the as-of."""
    from cchc.connectors.sources import sender_files
    from cchc.intake.reference import load_reference
    from cchc.intake.run import ingest_sender

    config, moment = settings(), _instant(as_of)
    paths = [p for p in sender_files(config) if sender in (None, p.stem)]
    if not paths:
        raise typer.BadParameter(f"no sender {sender!r} in {config.province}/sources")
    if dry_run:
        _say_what_waits(paths, moment)
        return
    load_reference(config)
    failures: dict[str, str] = {}
    for path in paths:
        result = ingest_sender(config, path, moment)
        failures |= result.failures
        states = list(result.deliveries.values())
        talk(
            f"{'✗' if result.failures else '✓'} {path.stem}: "
            + (", ".join(f"{states.count(s)} {s}" for s in sorted(set(states))) or "nothing new")
        )
    if failures:
        raise DataError("\n".join(f"{name}: {why}" for name, why in failures.items()))


@app.command("nightly")
def nightly(
    as_of: AsOf = None,
    full_refresh: FullRefresh = False,
    no_ingest: Annotated[bool, typer.Option("--no-ingest", help="cut from what was taken in already")] = False,
    dry_run: DryRun = False,
) -> None:
    """One whole night: intake, cut, build, gate, release. Prints the release's id."""
    from cchc.connectors.sources import sender_files
    from cchc.night.run import run_night

    moment = _instant(as_of)
    if dry_run:
        _say_what_waits([] if no_ingest else sender_files(settings()), moment)
        talk(f"would be: a night of {settings().province.name} as of {moment.isoformat(timespec='minutes')}")
        return
    if not no_ingest:
        _ingest_quietly(moment)
    print(run_night(settings(), moment, full_refresh, lambda step: talk(f"… {step}")).release_id)


@app.command("list")
def list_nights(last: Annotated[int, typer.Option(min=1, help="how many")] = 10, as_json: AsJson = False) -> None:
    """The province's last nights, newest last: state, times, and why a red one is red."""
    from cchc.night.run import nights

    show(("night", "as_of", "state", "started_at", "ended_at", "reason"), nights(settings().province.name, last), as_json)


def history(
    nights: Annotated[int, typer.Option(min=1, max=1000, help="how many nights")] = 60,
    until: Annotated[str, typer.Option(help="the last night, YYYY-MM-DD")] = "2013-12-30",
    dry_run: DryRun = False,
) -> None:
    """Replay earlier nights of the demonstration, each with only what had arrived by then."""
    from cchc.night.run import run_night

    last = _instant(until)
    if dry_run:
        talk(f"would be: {nights} nights, {(last - timedelta(days=nights - 1)).date()} to {last.date()}")
        return
    for number in range(nights):
        moment = end_of_day((last - timedelta(days=nights - 1 - number)).date())
        begun = monotonic()
        _ingest_quietly(moment)
        release = run_night(settings(), moment).release_id
        talk(f"{number + 1:>3}/{nights} {release} ({monotonic() - begun:.1f} s)")


def _say_what_waits(paths: list[Path], moment: datetime) -> None:
    from cchc.intake.run import waiting

    for path in paths:
        for name in waiting(settings(), path, moment):
            talk(f"would be read: {path.stem} {name}")


def _ingest_quietly(moment: datetime) -> None:
    from cchc.intake.reference import load_reference
    from cchc.intake.run import ingest_all

    load_reference(settings())
    for result in ingest_all(settings(), moment):
        for name, why in result.failures.items():
            talk(f"✗ {name}: {why}")

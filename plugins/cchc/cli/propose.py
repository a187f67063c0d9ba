"""`cchc source new`: a source proposed from a sample."""

from pathlib import Path
from typing import Annotated

import typer

from cchc.cli.output import DryRun, talk
from cchc.errors import ConfigError
from cchc.settings import settings

HEAD = """\
# Every key: docs/how-to-add-a-source.md
sender: {code}
schedule: "0 20 * * *"  # when its files are taken in, cron in Asia/Ho_Chi_Minh
sources:
"""


def new_source(
    sender: Annotated[str, typer.Argument(help="The sender's file without .yaml: so-y-te")],
    name: Annotated[str, typer.Argument(help="The source's name in it: dossiers")],
    sample: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="A file as the sender sends it.")],
    feed: Annotated[str | None, typer.Option(help="The feed, when the headers do not tell.")] = None,
    code: Annotated[str, typer.Option(help="The unit's official code, for a sender who is new.")] = "",
    every: Annotated[str, typer.Option(help="day, month, quarter, half, year")] = "month",
    url: Annotated[str, typer.Option(help="The address of its API, where the sample is one of its answers.")] = "",
    allow_private: Annotated[bool, typer.Option(help="The address may lead to this machine or a private net.")] = False,
    constant: Annotated[list[str] | None, typer.Option(help="column=value for every row (agency_code=H52.09); repeatable")] = None,
    dry_run: DryRun = False,
) -> None:
    """Look at a sample, propose how its source is declared, and write that into the sender's YAML with what was assumed."""
    from cchc.connectors.sources import proposed_sender
    from cchc.intake.propose import from_url, look, propose, source_yaml

    path = settings().province / f"sources/{sender}.yaml"
    made = propose(look(sample), feed)
    drop = {"kind": "file_drop", "glob": f"{sender}/{name}/*{sample.suffix}"}
    constants = _constants(constant or [])
    text = source_yaml(made, name, from_url(made, url, allow_private) if url else drop, every, constants)
    print(text, end="")
    whole = _whole(path, text, code, name)
    proposed_sender(path, whole)  # raises what the night would
    for doubt in made.assumed:
        talk(f"? {doubt}")
    for column, words in made.unknown.items():
        talk(f"? {column}: {', '.join(words)}: say under `values` which of {', '.join(made.agreed.columns[column].allowed)} each means")
    for column in (column for column in made.missing if column not in constants):
        talk(f"✗ no header like {made.agreed.columns[column].vi!r} for {column}: name it under `columns` or give it under `constants`")
    if not dry_run:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(whole, encoding="utf-8")
        talk(f"✓ written to {path.name}; next: cchc source check --file {sample.name} --source {sender}/{name}")


def _constants(given: list[str]) -> dict[str, str]:
    pairs = [word.partition("=") for word in given]
    if odd := next((name for name, sign, value in pairs if not (name and sign and value)), None):
        raise typer.BadParameter(f"--constant {odd!r} is not column=value")
    return {name: value for name, _, value in pairs}


def _whole(path: Path, text: str, code: str, name: str) -> str:
    if not path.exists():
        if not code:
            raise ConfigError(f"{path.name} is not there: give the unit's code with --code, and it is made")
        return HEAD.format(code=code) + text
    before = path.read_text(encoding="utf-8")
    if f"\n  {name}:" in before:
        raise ConfigError(f"{path.name} has a source {name!r} already: choose another name, or change it there")
    return before.rstrip() + "\n" + text

"""`cchc demo ...`: the demonstration province's files."""

import typer

from cchc.cli.output import DryRun, talk
from cchc.settings import settings

app = typer.Typer(no_args_is_help=True, help="The demonstration province Sơn La (synthetic data).")


@app.command("generate")
def generate_files(dry_run: DryRun = False) -> None:
    """Write the very files that the senders would send, into the inbox."""
    from cchc.demo import generate

    config = settings()
    if dry_run:
        talk(f"would be: the files of {config.province.name}'s senders in {config.inbox_path}, unless they are there")
        return
    summary = generate(config.inbox_path, config.province)
    talk("✓ " + ", ".join(f"{name}: {value}" for name, value in summary.items()))

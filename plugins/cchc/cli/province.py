"""`cchc demo ...`: the demonstration province's files."""

import typer

from cchc.cli.output import talk
from cchc.settings import settings

app = typer.Typer(no_args_is_help=True, help="The demonstration province Sơn La (synthetic data).")


@app.command("generate")
def generate_files() -> None:
    """Write the very files that the senders would send, into the inbox."""
    from cchc.demo import generate

    config = settings()
    summary = generate(config.inbox_path, config.province)
    talk("✓ " + ", ".join(f"{name}: {value}" for name, value in summary.items()))

"""`cchc migrate|doctor|backup|restore|bench|db ...`: the installation itself."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from cchc.cli.output import AsJson, DryRun, show, talk
from cchc.errors import ConfigError
from cchc.settings import settings

db_app = typer.Typer(no_args_is_help=True, help="The embedded PostgreSQL.")


def migrate_command(dry_run: DryRun = False) -> None:
    """Bring the warehouse to this version's schema; makes server, database and roles on first use."""
    from cchc.warehouse.migrate import current_version, migrate, newest_version

    there = None
    if dry_run:
        with suppress(ConfigError):  # no warehouse yet
            there = current_version(settings())
        talk(f"would be: schema {there or 'none'} → {newest_version()}")
        return
    talk(f"✓ schema {migrate(settings())}")


@db_app.command("start")
def db_start() -> None:
    """Start the embedded server."""
    from cchc.warehouse.embedded import EmbeddedServer

    EmbeddedServer(settings()).start()
    talk("✓ running")


@db_app.command("stop")
def db_stop() -> None:
    """Stop the embedded server of this home and no other."""
    from cchc.warehouse.embedded import EmbeddedServer

    EmbeddedServer(settings()).stop()
    talk("✓ stopped")


def doctor(as_json: AsJson = False) -> None:
    """Say what is missing: engine, schema, fonts, calendar, secrets, disk, orphan sources. Exit 3 when something is."""
    from cchc.cli.doctor import examine

    findings = examine(settings())
    show(("check", "state", "found"), [(f.check, "ok" if f.ok else "✗", f.found) for f in findings], as_json)
    if missing := [f for f in findings if not f.ok]:
        raise ConfigError("; ".join(f"{f.check}: {f.way_out}" for f in missing))


def backup_command(out: Annotated[Path | None, typer.Option(help="folder; default <home>/backup")] = None, dry_run: DryRun = False) -> None:
    """Back up warehouse, bytes and reference; the keys go to a folder of their own. Verified before it counts."""
    from cchc.warehouse.backup import backup

    if dry_run:
        root = out or settings().home / "backup"
        talk(f"would be: a backup in {root}, its keys in {root.with_name(f'{root.name}-keys')}")
        return
    print(backup(settings(), out))


def restore_command(
    source: Annotated[Path, typer.Argument(help="a backup's folder")],
    keys: Annotated[Path, typer.Option(help="the keys' backup")],
    dry_run: DryRun = False,
) -> None:
    """Restore a backup into this (empty) home."""
    from cchc.warehouse.backup import restore

    restore(settings(), source, keys, dry_run)
    talk("would be restored: the backup is whole, this home is empty" if dry_run else "✓ restored; `cchc release verify` checks every hash")


def bench(
    cases: Annotated[str, typer.Option(envvar="BENCH", help="load|nights|sources|marts, joined by |")] = "load|nights|sources",
    rows: Annotated[int, typer.Option(envvar="BENCH_ROWS", min=1000, help="dossiers")] = 2_000_000,
    memory_rows: Annotated[str, typer.Option(envvar="BENCH_MEMORY_ROWS", help="Peaks of memory too, of sizes joined by |")] = "",
) -> None:
    """Measure load, nights and a night of many unchanged sources; writes <home>/bench/latest.json."""
    from cchc.bench.run import run_bench

    print(run_bench(settings(), cases.split("|"), rows, tuple(map(int, filter(None, memory_rows.split("|"))))))

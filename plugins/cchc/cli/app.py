"""Puts the commands together and turns errors into one clear line and an exit code."""

import errno
import sys
import traceback

import typer

from cchc.cli import (
    agency,
    compliance,
    coverage,
    data,
    delivery,
    demo,
    explain,
    mail,
    measure,
    night,
    outbox,
    propose,
    province,
    quarantine,
    reconciliation,
    release,
    slip,
    source,
    system,
    watch,
)
from cchc.cli.output import talk
from cchc.errors import CchcError, UnreachableError, without_values

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="Chỉ số và báo cáo cải cách hành chính của một tỉnh.")
app.add_typer(night.app, name="run")
app.add_typer(delivery.app, name="delivery")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(slip.app, name="slip")
app.add_typer(data.source_app, name="source")
app.add_typer(data.contract_app, name="contract")
app.add_typer(measure.app, name="measure")
app.add_typer(explain.app, name="explain")
app.add_typer(release.app, name="release")
app.add_typer(coverage.app, name="coverage")
app.add_typer(compliance.app, name="compliance")
app.add_typer(reconciliation.app, name="reconciliation")
app.add_typer(outbox.app, name="outbox")
app.add_typer(mail.app, name="mail")
app.add_typer(system.db_app, name="db")
app.add_typer(demo.app, name="demo")
app.add_typer(province.app, name="province")
app.add_typer(agency.app, name="agency")
data.source_app.command("list")(source.list_sources)
data.source_app.command("preview")(source.preview_source)
data.source_app.command("upload")(source.upload_file)
data.source_app.command("new")(propose.new_source)
app.command("history")(night.history)
app.command("report")(release.report)
app.command("migrate")(system.migrate_command)
app.command("doctor")(system.doctor)
app.command("backup")(system.backup_command)
app.command("restore")(system.restore_command)
app.command("bench")(system.bench)
app.command("watch")(watch.watch)


def main() -> None:
    """Run the command line; exits with the error's own code, 2 for wrong usage (typer's own), 70 for a bug of ours."""
    try:
        app()
    except CchcError as error:
        talk(f"✗ {error}")
        sys.exit(error.exit_code)
    except Exception as error:  # noqa: BLE001  (the last line of defence: a bug must not look like bad data)
        if _is_the_machines(error):
            talk(f"✗ {_first_line(error)}. See docs/runbook.md")
            sys.exit(UnreachableError.exit_code)
        talk(_trace(error))
        talk(f"✗ a bug of ours: {type(error).__name__}: {without_values(str(error))}. Please report the lines above.")
        sys.exit(CchcError.exit_code)


def _is_the_machines(error: Exception) -> bool:
    """Whether the disk, a permission or the database is to blame, in a place that did not say so itself."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS)
    return any(kind.__name__ == "OperationalError" for kind in type(error).__mro__)  # psycopg's, without importing it


def _trace(error: BaseException | None) -> str:
    """Where it happened, the causes first; the messages without the cells they may quote."""
    lines = []
    while error is not None:
        lines.append("".join(traceback.format_tb(error.__traceback__)) + f"{type(error).__name__}: {without_values(str(error))}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "Traceback (most recent call last):\n" + "\n\n".join(reversed(lines))


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0]

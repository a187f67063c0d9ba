"""Prints the report of a period from one release: four files with the same figures, and a draft's row for each."""

import hashlib
import os
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from cchc.clock import now
from cchc.errors import ConfigError, DataError, UnreachableError
from cchc.reports.as_docx import to_docx
from cchc.reports.as_pdf import to_pdf
from cchc.reports.as_xlsx import to_xlsx
from cchc.reports.build import build_report
from cchc.reports.document import Report, canonical
from cchc.reports.fonts import find_font
from cchc.reports.reading import Release, read_release
from cchc.reports.tree import Tree
from cchc.reports.units import province_unit, stands, unit_of
from cchc.reports.vietnamese import day
from cchc.settings import Settings
from cchc.warehouse.connect import connect

RENDERERS: dict[str, Callable[[Report, Settings], bytes]] = {
    "docx": lambda report, config: to_docx(report, config.ribbon),
    "pdf": lambda report, config: to_pdf(report, config.ribbon, find_font(config)),
    "xlsx": lambda report, config: to_xlsx(report, config.ribbon),
    "json": lambda report, config: canonical(report),
}
NAMED = {Tree.THEN: "", Tree.TODAY: "-don-vi-hien-nay"}  # what a file's name says of its tree


def print_report(
    config: Settings,
    period: str,
    scope: str | None = None,
    release_id: str | None = None,
    formats: Sequence[str] = tuple(RENDERERS),
    out: Path | None = None,
    dry_run: bool = False,
    tree: Tree = Tree.THEN,
) -> list[Path]:
    """Print the report of `period` (a code such as 2013-Q4) of unit `scope` (none: the province), by a tree of units.

    From release `release_id` (none: the province's newest), into `<out>/<period>/<scope>/bao-cao-<period>.<format>`, by today's
    tree `bao-cao-<period>-don-vi-hien-nay.<format>` (out: none = `<home>/reports`). The same release, tree, settings and lock give
    the same bytes. All files are made before the first one is put in place. Returns their paths in the order of `formats`. A dry
    run makes them in memory only.

    Raises DataError (no such period, unit or release; a release that contradicts itself; by today's tree one that does not know
    it, or a unit that has ended), ConfigError (a format we don't
    print), UnreachableError (the warehouse or the folder).
    """
    if unknown := [name for name in formats if name not in RENDERERS]:
        raise ConfigError(f"format {', '.join(unknown)} is not one of {', '.join(RENDERERS)}")
    if not re.fullmatch(r"P?\d{4}(-[0-9A-Z]+)*", period):
        raise DataError(f"{period!r} is no period code; write e.g. 2013-Q4, 2013-H1, 2013-9M, 2013-05 or 2013")
    release = read_release(config.province.name, period, release_id, tree)
    code = scope or province_unit(release)
    _stands_today(release, code)
    province = unit_of(release, code).kind == "province"
    report = build_report(release, code)
    if not report.figures:
        raise DataError(f"release {release.release_id} holds no figure of unit {code} for period {period}")
    folder = (out or config.home / "reports") / period / (release.province if province else folder_name(code))
    printed = {name: RENDERERS[name](report, config) for name in dict.fromkeys(formats)}
    files = {folder / f"bao-cao-{period}{NAMED[tree]}.{name}": content for name, content in printed.items()}
    if not dry_run:
        for path, content in files.items():
            _put(path, content)
        _record(report, printed)
    return list(files)


def _stands_today(release: Release, code: str) -> None:
    """Raises DataError for a unit that is not in today's tree, with those to ask for instead."""
    unit = unit_of(release, code)
    if release.tree is Tree.TODAY and not stands(release, code):
        into = f"its figures stand under {unit.today_code}: ask for that with --scope" if unit.today_code else "no successor is named"
        raise DataError(f"unit {code} is not one of today's ({day(release.as_of.date())}); {into}, or print --tree then")


def folder_name(code: str) -> str:
    """A unit's code as a folder: H52.03 → h52-03."""
    return re.sub(r"[^a-z0-9]+", "-", code.lower()).strip("-")


def _put(path: Path, content: bytes) -> None:
    """Write beside, then rename: a reader sees the old file or the new one, never half of it."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise UnreachableError(f"{path} can't be written: {error.strerror}. Choose another folder with --out") from error


def _record(report: Report, printed: dict[str, bytes]) -> None:
    """Rows in release.draft; the same bytes printed again are the draft that is there."""
    at = now()
    rows = [
        (report.source.release_id, report.period, report.scope, name, hashlib.sha256(content).hexdigest(), at, str(report.tree))
        for name, content in printed.items()
    ]
    with connect("cchc_transformer") as connection, connection.cursor() as cursor:
        cursor.executemany(
            """insert into release.draft (release_id, period_code, scope_code, format, sha256, printed_at, tree)
               values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing""",
            rows,
        )

"""The cases of `make bench`: one full load against bare psql, nights with nothing and 1 % changed, many sources, marts."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from statistics import median

from cchc.bench.bare import run_psql, script
from cchc.bench.files import write_changes, write_dossiers, write_province
from cchc.bench.intake import intake, intake_apart
from cchc.bench.marts import measure_marts
from cchc.bench.sources import measure_sources
from cchc.clock import monotonic, parse_as_of
from cchc.errors import ConfigError
from cchc.settings import Settings, settings

CASES = ("load", "nights", "sources", "marts")
MARTS_ROWS = 5  # times the dossiers of a load: 10 million where that is two


def run_bench(config: Settings, cases: list[str], rows: int, memory_rows: tuple[int, ...] = ()) -> Path:
    """Run the named cases with `rows` dossiers in homes of their own; returns the path of latest.json.

    Times are seconds of wall clock; `ratio_vs_psql` compares within this run. `nights` needs `load` and runs it.
    `memory_rows`: loads of these sizes too, each for the peak of its memory alone.
    """
    if unknown := sorted(set(cases) - set(CASES)):
        raise ConfigError(f"no bench case {unknown}; there are: {', '.join(CASES)}")
    home, result = config.home / "bench", dict[str, float | int]()
    if {"load", "nights"} & set(cases):
        result |= _apart(home, lambda own: _measure(own, rows, "nights" in cases))
    if "sources" in cases:
        result |= _apart(home, measure_sources)
    if "marts" in cases:
        result |= _apart(home, lambda own: measure_marts(own, MARTS_ROWS * rows))
    for size in memory_rows:
        result |= _apart(home, partial(_peak, size))
    (home / "latest.json").write_text(json.dumps(result, indent=1) + "\n")
    return home / "latest.json"


def _apart(home: Path, case: Callable[[Settings], dict[str, float | int]]) -> dict[str, float | int]:
    """What a case measures in a fresh installation with a server of its own."""
    from cchc.warehouse.embedded import EmbeddedServer
    from cchc.warehouse.migrate import migrate

    shutil.rmtree(home / "home", ignore_errors=True)
    with _own_installation(home / "home") as own:
        migrate(own)
        try:
            return case(own)
        finally:
            EmbeddedServer(own).stop()


@contextmanager
def _own_installation(home: Path) -> Iterator[Settings]:
    """A home, province and server of the bench's own; this process's settings until it is done."""
    wanted = {"CCHC_HOME": str(home), "CCHC_PROVINCE": str(home / "bench"), "CCHC_INBOX": str(home / "inbox")}
    before = {name: os.environ.get(name) for name in (*wanted, "CCHC_WAREHOUSE_URL", "CCHC_KEYS")}
    for name in before:
        os.environ.pop(name, None)
    os.environ.update(wanted)
    settings.cache_clear()
    try:
        yield settings()
    finally:
        for name in wanted:
            os.environ.pop(name, None)
        os.environ.update({name: value for name, value in before.items() if value is not None})
        settings.cache_clear()


def _measure(config: Settings, rows: int, nights: bool) -> dict[str, float | int]:
    files = write_dossiers(config.inbox_path, rows)
    write_province(config.province)
    result = _load(config, files, rows)
    return result | (_nights(config, rows, result) if nights else {})


def _peak(rows: int, config: Settings) -> dict[str, float | int]:
    """The peak of memory of an intake of `rows` dossiers, MiB."""
    write_dossiers(config.inbox_path, rows)
    write_province(config.province)
    return {f"peak_rss_mb_{rows}": intake_apart("2013-12-31")[1]}


def _load(config: Settings, files: list[Path], rows: int) -> dict[str, float | int]:
    """`full_s`: intake, facts and measures without the start-up of tools, which `tools_s` shows apart.

    `tools_s` is the same build of an empty warehouse: imports, dbt's parse and compile, one round trip per model. `psql_s`
    is the middle one of three runs, two before and one after ours.
    """
    rival = [_rival(config, files) for _ in range(2)]
    first = _timed(lambda: _start_tools(config))
    tools = _timed(lambda: _facts_and_measures(config, parse_as_of("2012-01-02")))
    intake_s, peak = intake_apart("2013-12-31")
    build = _timed(lambda: _facts_and_measures(config, parse_as_of("2013-12-31")))
    psql = median([*rival, _rival(config, files)])
    full = intake_s + build - tools
    return {"rows": rows, "psql_s": round(psql, 2), "intake_s": round(intake_s, 2), "build_s": round(build, 2),
            "imports_s": round(first, 2), "tools_s": round(tools, 2), "full_s": round(full, 2), "ratio_vs_psql": round(full / psql, 3),
            "ratio_with_tools": round((intake_s + build) / psql, 3), "rows_per_s": round(rows / full), "peak_rss_mb": peak}  # fmt: skip


def _rival(config: Settings, files: list[Path]) -> float:
    """Seconds of the hand-written script; what it made is dropped."""
    seconds = _timed(lambda: run_psql(config, script(files)))
    run_psql(config, "drop schema bare cascade; checkpoint;")
    return seconds


def _start_tools(config: Settings) -> None:
    """What a process pays once: imports (GX is imported when there is a delivery to judge) and dbt's parse."""
    import great_expectations  # noqa: F401

    _facts_and_measures(config, parse_as_of("2012-01-01"))


def _nights(config: Settings, rows: int, load: dict[str, float | int]) -> dict[str, float | int]:
    """Whole nights: of the full load (its gate and release are those of the first night after it), with 1 % changed, empty.

    `night_1pct_share`: what 1 % costs above the empty night, of what the full load costs above it. Both are the middle one
    of five nights, one after the other: a difference of two single nights is mostly the machine's own.
    """
    first = _timed(lambda: _night(config, parse_as_of("2014-01-01")))
    without_release = _timed(lambda: _intake_and_build(config, parse_as_of("2014-01-01")))
    full = load["intake_s"] + load["build_s"] + first - without_release
    _a_day_passes(config)
    write_changes(config.inbox_path, rows, 0.001, "2014-01-02")
    _night(config, parse_as_of("2014-01-03"))  # starts this process's readers
    pairs = [_changed_and_empty(config, rows, day) for day in (4, 6, 8, 10, 12)]
    changed, empty = (median(nights) for nights in zip(*pairs, strict=True))
    share = max(changed - empty, 0) / (full - empty)
    return {"night_full_s": round(full, 2), "night_0_s": round(empty, 2), "night_1pct_s": round(changed, 2),
            "night_1pct_share": round(share, 3)}  # fmt: skip


def _a_day_passes(config: Settings) -> None:
    """What happens between a load and the next night: upkeep, and what is only in memory is written."""
    from cchc.warehouse.upkeep import vacuum

    vacuum()
    run_psql(config, "checkpoint;")


def _changed_and_empty(config: Settings, rows: int, day: int) -> tuple[float, float]:
    """Seconds of a night with 1 % new or changed, and of the same night again, which has nothing new."""
    write_changes(config.inbox_path, rows, 0.01, f"2014-01-{day:02d}")
    night = partial(_night, config, parse_as_of(f"2014-01-{day + 1:02d}"))
    return _timed(night), _timed(night)


def _intake_and_build(config: Settings, as_of: datetime) -> None:
    intake(config, as_of)
    _facts_and_measures(config, as_of)


def _facts_and_measures(config: Settings, as_of: datetime) -> None:
    from cchc.intake.reference import load_reference
    from cchc.night.run import build, take_cut

    load_reference(config)
    build(config, take_cut(config, as_of))


def _night(config: Settings, as_of: datetime) -> None:
    from cchc.night.run import run_night

    intake(config, as_of)
    run_night(config, as_of)


def _timed(work: Callable[[], object]) -> float:
    begun = monotonic()
    work()
    return monotonic() - begun

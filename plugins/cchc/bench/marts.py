"""Facts, measures and marts: what a night that touches 0.3 % of the dossiers takes of a build from nothing."""

from cchc.bench.files import write_changes, write_dossiers, write_province
from cchc.bench.intake import intake, intake_apart
from cchc.clock import monotonic, parse_as_of
from cchc.settings import Settings

SHARE = 0.003


def measure_marts(config: Settings, rows: int) -> dict[str, float | int]:
    """Seconds of one `dbt build` each: whole, with nothing changed, with 0.3 % new or changed; and what share the last has of the first.

    `marts_share` is without the start-up of tools, as in the load's ratio: a build of an empty warehouse, `marts_tools_s`.
    """
    write_dossiers(config.inbox_path, rows)
    write_province(config.province)
    _build(config, "2012-01-01")  # imports, dbt's parse
    tools = _build(config, "2012-01-02")
    intake_apart("2013-12-31")
    whole = _build(config, "2013-12-31")
    empty = _build(config, "2014-01-01")
    write_changes(config.inbox_path, rows, SHARE, "2014-01-02")
    intake(config, parse_as_of("2014-01-03"))
    night = _build(config, "2014-01-03")
    return {"marts_rows": rows, "marts_tools_s": round(tools, 2), "marts_full_s": round(whole, 2), "marts_night_0_s": round(empty, 2),
            "marts_night_s": round(night, 2), "marts_share": round((night - tools) / (whole - tools), 3),
            "marts_share_with_tools": round(night / whole, 3)}  # fmt: skip


def _build(config: Settings, as_of: str) -> float:
    from cchc.intake.reference import load_reference
    from cchc.night.run import build, take_cut

    load_reference(config)
    cut = take_cut(config, parse_as_of(as_of))
    begun = monotonic()
    build(config, cut)
    return monotonic() - begun

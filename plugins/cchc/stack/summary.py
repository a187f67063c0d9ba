"""What a terminal is told of a printed report."""

import json
from pathlib import Path
from typing import Any


def print_summary(files: list[Path]) -> None:
    """Print the unit's own figures of the period, read back from the report's JSON, and the files."""
    report = json.loads(next(file for file in files if file.suffix == ".json").read_text(encoding="utf-8"))
    period, release = report["period"], report["release"]
    print(f"\n{report['scope']['name_vi']}: {period['code']} ({period['starts_on']} - {period['ends_on']})")
    provisional = ", tạm tính" if release["provisional"] else ""
    print(f"bản chốt {release['release_id']} ({release['as_of'][:10]}{provisional})\n")
    for title, value in _own_figures(report):
        print(f"  {value:>22}  {title}")
    print("\n" + "\n".join(f"  {file}" for file in files))


def _own_figures(report: dict[str, Any]) -> list[tuple[str, str]]:
    """Title and printed value of the reported unit's figures of this period, without its parts."""
    mine = [
        figure
        for figure in report["figures"]
        if figure["unit"] == report["scope"]["code"] and figure["period"] == report["period"]["code"] and not figure["dim"]
    ]
    return [(figure["title_vi"], _value(figure)) for figure in mine]


def _value(figure: dict[str, Any]) -> str:
    fraction = figure["printed_fraction"]
    return f"{figure['printed']} ({fraction})" if fraction and figure["kind"] == "ratio" else figure["printed"]

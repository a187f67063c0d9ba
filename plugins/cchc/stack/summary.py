"""What a terminal is told of a printed report."""

import json
from pathlib import Path


def print_summary(files: list[Path], release: str) -> None:
    """Print the release, a few figures of the report's JSON, and its files."""
    print(f"release {release}")
    for file in files:
        print(f"  {file}")

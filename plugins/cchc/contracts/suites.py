"""Compiles a contract's `delivery:` rules to the Great Expectations suite of its feed (decision 5)."""

import json
from pathlib import Path
from typing import Any

from cchc.contracts.model import Contract, feeds, versions


def suite_of(agreed: Contract) -> dict[str, Any]:
    """The suite over delivery statistics (one row per delivery, one column per statistic), as GX's own JSON."""
    return {
        "name": f"{agreed.feed}@{agreed.version}",
        "meta": {"contract": f"{agreed.feed}@{agreed.version}", "made_by": "cchc contract suites"},
        "expectations": [
            {
                "type": "expect_column_values_to_be_between",
                "kwargs": {"column": rule.statistic, "min_value": rule.min, "max_value": rule.max},
                "severity": rule.severity,
                "meta": {"id": rule.id, "vi": rule.vi},
            }
            for rule in agreed.delivery
        ],
    }


def suite_path(folder: Path, feed: str, version: int) -> Path:
    """Where the suite of one version of a feed's contract lies under `expectations/feeds/`."""
    return folder / f"{feed}_v{version}.json"


def compiled(folder: Path) -> dict[Path, str]:
    """What `expectations/feeds/` must hold: path → text. CI compares, `cchc contract suites` writes."""
    every = [agreed for feed in feeds() for agreed in versions(feed)]
    return {suite_path(folder, c.feed, c.version): json.dumps(suite_of(c), ensure_ascii=False, indent=1) + "\n" for c in every}

"""Compiles a contract's `delivery:` rules to the Great Expectations suite of its feed (decision 5)."""

import json
from pathlib import Path
from typing import Any

from cchc.contracts.model import Contract, contract, feeds


def suite_of(agreed: Contract) -> dict[str, Any]:
    """The suite over delivery statistics (one row per delivery, one column per statistic), as GX's own JSON."""
    return {
        "name": agreed.feed,
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


def compiled(folder: Path) -> dict[Path, str]:
    """What `expectations/feeds/` must hold: path → text. CI compares, `cchc contract suites` writes."""
    return {folder / f"{feed}.json": json.dumps(suite_of(contract(feed)), ensure_ascii=False, indent=1) + "\n" for feed in feeds()}

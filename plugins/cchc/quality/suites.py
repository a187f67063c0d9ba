"""Runs Great Expectations suites over small frames and gives plain verdicts."""

import json
import os
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cchc.errors import ConfigError
from cchc.uncollected import uncollected

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Verdict:
    """One expectation's outcome; `failing` holds the subjects (delivery ids, keys) that break it."""

    suite: str
    expectation: str
    severity: str
    success: bool
    observed: str
    message_vi: str
    failing: tuple[str, ...] = ()


def read_suite(path: Path) -> dict[str, Any]:
    """A suite's JSON. Raises ConfigError when it can't be read or an expectation lacks id, text or severity."""
    try:
        suite = json.loads(path.read_text(encoding="utf-8"))
        for expectation in suite["expectations"]:
            if not (expectation["meta"]["id"] and expectation["meta"]["vi"] and expectation["severity"] in ("critical", "warning")):
                raise ValueError("an expectation lacks its id, text or severity")
    except (OSError, ValueError, KeyError) as error:
        raise ConfigError(f"{path}: not a suite ({error!r})") from error
    return suite


def run_suite(suite: dict[str, Any], frame: "pd.DataFrame", subject: str) -> list[Verdict]:
    """Check `frame` (one row per subject, named in column `subject`) against a suite.

    Fails closed: an empty frame or an expectation that raised is a failure, never a pass.
    """
    with uncollected():
        import great_expectations as gx  # costs seconds: paid only where suites run

    context = _context()
    asset = context.data_sources.add_or_update_pandas(suite["name"]).add_dataframe_asset("frame")
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})
    rules = gx.ExpectationSuite(name=suite["name"], expectations=suite["expectations"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = batch.validate(rules, result_format={"result_format": "COMPLETE", "unexpected_index_column_names": [subject]})
    return [_verdict(suite["name"], one, frame, subject) for one in result.results]


@lru_cache(maxsize=1)
def _context() -> Any:
    """One context a process, all in memory: no docs site, no progress bars, no word to anyone outside."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx
    from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults, ProgressBarsConfig

    stores = InMemoryStoreBackendDefaults(init_temp_docs_sites=False)
    config = DataContextConfig(store_backend_defaults=stores, progress_bars=ProgressBarsConfig(globally=False))
    return gx.get_context(mode="ephemeral", project_config=config)


def _verdict(suite: str, one: Any, frame: "pd.DataFrame", subject: str) -> Verdict:
    config, result = one.expectation_config, one.result
    raised = bool(one.exception_info.get("raised_exception")) if "raised_exception" in one.exception_info else bool(one.exception_info)
    failing = tuple(str(row[subject]) for row in result.get("unexpected_index_list") or [])
    told = "failed to run" if raised else result.get("observed_value", result.get("partial_unexpected_list", ""))
    success = bool(one.success) and not raised and len(frame) > 0
    severity = str(getattr(config.severity, "value", config.severity))
    return Verdict(suite, config.meta["id"], severity, success, str(told), config.meta["vi"], failing)

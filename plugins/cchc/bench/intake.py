"""One intake in a process of its own, as the scheduler runs it: `python -m cchc.bench.intake AS_OF` prints time and memory."""

import json
import subprocess
import sys
from datetime import datetime

from cchc.bench.memory import peak_rss_mb
from cchc.clock import monotonic, parse_as_of
from cchc.errors import ConfigError
from cchc.intake.reference import load_reference
from cchc.intake.run import ingest_all
from cchc.readers import Request, Tally, read_rows
from cchc.settings import Settings, settings


def intake(config: Settings, as_of: datetime) -> None:
    """Load the reference data and take in what every sender offers; a failure of any source is raised."""
    load_reference(config)
    failures = {name: why for result in ingest_all(config, as_of) for name, why in result.failures.items()}
    if failures:
        raise ConfigError(f"the bench's own files failed: {failures}")


def intake_apart(as_of: str) -> tuple[float, int]:
    """The same in a new process with this one's settings; returns seconds without tools' start, and peak MiB."""
    done = subprocess.run([sys.executable, "-m", "cchc.bench.intake", as_of], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    return told["seconds"], told["peak_rss_mb"]


def _start_tools(config: Settings) -> None:
    """What a process pays once: imports, connections, the readers' server, an intake of nothing."""
    import cchc.intake.take  # noqa: F401  (what only an intake with news imports: Arrow, the driver)

    options = {"encoding": "utf-8", "delimiter": ",", "header_row": 1}
    list(read_rows([b"a\n1\n"], Request("csv", options, {"a": "a"}, ()), Tally()))
    intake(config, parse_as_of("2012-01-01"))


if __name__ == "__main__":
    _start_tools(settings())
    begun = monotonic()
    intake(settings(), parse_as_of(sys.argv[1]))
    sys.stdout.write(json.dumps({"seconds": monotonic() - begun, "peak_rss_mb": peak_rss_mb()}))

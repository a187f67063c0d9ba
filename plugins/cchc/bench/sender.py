"""One sender's intake in a process of its own, as its DAG runs it: `python -m cchc.bench.sender FILE AS_OF`."""

import sys
from datetime import datetime
from pathlib import Path

from cchc.intake.run import ingest_sender
from cchc.settings import settings

if __name__ == "__main__":
    result = ingest_sender(settings(), Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]))
    sys.exit("; ".join(f"{name}: {why}" for name, why in result.failures.items()) or None)

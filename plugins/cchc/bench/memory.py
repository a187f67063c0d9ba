"""How much memory the intake took: the largest of our own process and everything it started."""

import os
import re
from pathlib import Path


def peak_rss_mb() -> int:
    """The highest peak (VmHWM, MiB) among this process and its living descendants."""
    told = {int(p.parent.name): _status(p) for p in Path("/proc").glob("[0-9]*/status")}
    ours = {os.getpid()}
    while more := {pid for pid, (parent, _) in told.items() if parent in ours} - ours:
        ours |= more
    return max(told[pid][1] for pid in ours if pid in told) // 1024


def _status(path: Path) -> tuple[int, int]:
    try:
        text = path.read_text()
    except OSError:  # it ended while we looked
        return 0, 0
    found = [re.search(rf"^{name}:\s+(\d+)", text, re.MULTILINE) for name in ("PPid", "VmHWM")]
    return tuple(int(match.group(1)) if match else 0 for match in found)  # type: ignore[return-value]

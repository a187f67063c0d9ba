"""What a source offers now, whatever it is connected by."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

Known = set[tuple[str, int, datetime]]  # name, size and time of the files whose delivery was decided


@dataclass(frozen=True)
class Offered:
    """One file of a source, here to be read; `modified_at` with name and size tells whether we have seen it."""

    name: str
    path: Path
    size: int
    modified_at: datetime
    arrived_at: datetime

    def is_known(self, seen: Known) -> bool:
        """Whether the delivery of this very file was decided before."""
        return (self.name, self.size, self.modified_at) in seen

"""One delivery as its intake knows it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Delivery:
    """One delivery to be taken in; `attempt` fences a worker that lost its claim on the source."""

    delivery_id: int
    source_id: str
    sha256: str
    arrived_at: datetime
    attempt: int

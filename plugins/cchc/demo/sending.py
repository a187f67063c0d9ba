"""What a sender has to send for one feed, before it takes the shape of files."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Delivery:
    """One file to be: when it arrives (local), the period in its name, and which rows it holds."""

    at: datetime
    period: str
    rows: np.ndarray


@dataclass(frozen=True)
class Sending:
    """Rows of a feed by contract column (typed Python values, None = empty) and the deliveries that pick among them."""

    feed: str
    columns: dict[str, list]
    deliveries: list[Delivery]


def moments(values: np.ndarray) -> list:
    """datetime64 to Python datetimes or dates; NaT becomes None."""
    kind = "datetime64[s]" if values.dtype != np.dtype("datetime64[D]") else "datetime64[D]"
    return values.astype(kind).astype(object).tolist()


def only_where(mask: np.ndarray, values: np.ndarray) -> np.ndarray:
    """`values` as Python objects where `mask` holds, None elsewhere."""
    cells = np.full(len(mask), None, object)
    cells[mask] = values[mask]
    return cells


def choose(rng: np.random.Generator, weights: npt.ArrayLike, size: int) -> np.ndarray:
    """`size` places drawn with probability proportional to `weights`."""
    total = np.cumsum(np.asarray(weights, float))
    return np.searchsorted(total, rng.random(size) * total[-1], side="right")


def share_out(total: int, weights: npt.ArrayLike) -> np.ndarray:
    """`total` split into whole numbers in proportion to `weights` (largest remainders): the sum is exact.

    All weights zero, or none: nobody is there to take a share, and nothing is shared out.
    """
    shares = np.asarray(weights, float)
    if not np.any(shares):
        return np.zeros(np.shape(shares), int)
    exact = total * shares / np.sum(shares)
    parts = np.floor(exact).astype(int)
    for place in np.argsort(parts - exact, kind="stable")[: total - parts.sum()]:
        parts[place] += 1
    return parts

"""A glance at a text column's bytes: a twentieth of a pattern's cost, for what hardly ever occurs."""

import numpy as np
import pyarrow as pa

FIRST_PRINTABLE = 0x20


def may_hold_controls(values: pa.Array) -> bool:
    """Whether any byte of the text column is a control character."""
    return bool((_bytes(values) < FIRST_PRINTABLE).any())


def may_hold(values: pa.Array, characters: str) -> bool:
    """Whether any of these ASCII characters stands anywhere in the text column (null cells may hide some, too)."""
    told = _bytes(values)
    return any((told == code).any() for code in characters.encode())


def _bytes(values: pa.Array) -> np.ndarray:
    _, places, data = values.buffers()
    if data is None or not len(values):
        return np.empty(0, np.uint8)
    ends = np.frombuffer(places, np.int32)[values.offset : values.offset + len(values) + 1]
    return np.frombuffer(data, np.uint8)[ends[0] : ends[-1]]

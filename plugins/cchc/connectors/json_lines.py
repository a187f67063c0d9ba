"""What is fetched as records is kept as JSON Lines, one flat record a line."""

import json
from collections.abc import Callable, Mapping
from typing import Any


def json_line(record: Mapping[str, Any], value: Callable[[Any], str]) -> str:
    """The record on a line of its own; `value` writes a cell as JSON, in the source's own digits."""
    return "{" + ", ".join(f"{json.dumps(name, ensure_ascii=False)}: {value(cell)}" for name, cell in record.items()) + "}\n"

"""What a sender is told of refused rows, in official Vietnamese without anybody's data."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

NO_GOOD_ROW = "no_good_row"  # the rule by which a delivery of nothing but bad rows is refused
RULES_TOLD, LINES_TOLD = 3, 5


def count(value: int) -> str:
    """1204 as officials write it: 1.204."""
    return f"{value:,}".replace(",", ".")


def sample(entries: Sequence[dict[str, Any]]) -> str:
    """The most frequent faults with their number and first lines: `... (12 dòng: 2, 3, 4, 5, 6, ...)`."""
    lines: dict[str, list[int]] = defaultdict(list)
    for entry in entries:
        lines[entry["message_vi"].rstrip(".")].append(entry["line"])
    most = sorted(lines.items(), key=lambda item: (-len(item[1]), item[0]))[:RULES_TOLD]
    return "; ".join(f"{words} ({count(len(where))} dòng: {_first(sorted(where))})" for words, where in most) + "."


def _first(lines: list[int]) -> str:
    return ", ".join(map(str, lines[:LINES_TOLD])) + (", ..." if len(lines) > LINES_TOLD else "")

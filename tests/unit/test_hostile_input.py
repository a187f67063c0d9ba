"""Hostile files: each is refused with its reason, or is text like any other, in bounded time and memory."""

import resource
import sys
from contextlib import suppress

import pytest

from cchc.clock import monotonic
from cchc.readers import Refusal, Request, Tally, read_rows
from hostile_files import CODE, FEE, GOOD, HOSTILE, OPTIONS, Hostile

LONGEST = 15.0  # seconds, on a busy machine
MOST_MEMORY = 600 << 10  # KiB that this process may grow by; the files themselves are up to 100 MB and made here


def rows_of(kind: str, content: bytes) -> tuple[list[dict], Tally]:
    tally = Tally()
    request = Request(kind, OPTIONS[kind], {"code": CODE, "fee": FEE}, ("code",))
    return [row for batch in read_rows([content], request, tally) for row in batch.to_pylist()], tally


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_or_is_text_and_the_next_one_is_read(name: str) -> None:
    hostile: Hostile = HOSTILE[name]
    content = hostile.make()
    begun, memory = monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if hostile.rule:
        with pytest.raises(Refusal) as caught:
            rows_of(hostile.kind, content)
        assert caught.value.rule == hostile.rule, caught.value.message_vi
        assert "Đề nghị" in caught.value.message_vi, "the way out"
        assert caught.value.message_vi.isprintable()
    else:
        rows, tally = rows_of(hostile.kind, content)
        assert [(row["code"], row["fee"]) for row in rows] == ([hostile.cells] if hostile.cells else [])
        assert len(tally.ragged) == hostile.ragged
        assert tally.rows == tally.counted == len(rows) + len(tally.ragged)
    with suppress(Refusal):  # what looks at a sample has nothing to refuse, or says why
        list(read_rows([content], Request("peek", {}, {"row": "row"}, ()), Tally()))
    assert monotonic() - begun < LONGEST
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < MOST_MEMORY
    assert len(rows_of(hostile.kind, GOOD[hostile.kind]())[0]) == 1


def test_whatever_a_library_raises_is_a_refusal_and_the_next_file_is_read() -> None:
    depth = 700 if sys.version_info < (3, 12) else 1400  # what json still reads, and a walk over it does not survive
    nested = b'{"a": ' * depth + b"1" + b"}" * depth
    for _ in range(2):
        with pytest.raises(Refusal, match="RecursionError"):
            list(read_rows([nested], Request("peek", {}, {"row": "row"}, ()), Tally()))
    assert len(rows_of("csv", GOOD["csv"]())[0]) == 1


@pytest.mark.parametrize("kind", GOOD)
def test_what_is_not_hostile_is_read(kind: str) -> None:
    assert len(rows_of(kind, GOOD[kind]())[0]) == 1

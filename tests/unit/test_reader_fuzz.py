"""Mutated files of every format: a refusal or rows whose counts balance, within seconds, and never a death outside the child."""

import gzip
import random
from collections.abc import Callable

import pytest
from test_reader_formats import PLAIN, ask, csv_text, encoded, zipped

from cchc.clock import monotonic
from cchc.readers import Refusal, Tally, read_rows

SEED = 20131231
FEW, MANY = 1_000, 20_000  # of each format; of the same packed or in another encoding a quarter
LONGEST = 30.0
CHECKED = {"xlsx", "csv.gz", "json.zip"}  # packed files carry sums: what is accepted from them is what was packed
SAMPLES: dict[str, tuple[str, Callable[[], bytes], dict]] = {
    **{kind: (kind, make, {}) for kind, make in PLAIN.items()},
    "csv.tcvn3": ("csv", lambda: encoded(csv_text(), "tcvn3"), {"encoding": "tcvn3"}),
    "csv.gz": ("csv", lambda: gzip.compress(PLAIN["csv"](), mtime=0), {}),
    "json.zip": ("json", lambda: zipped(PLAIN["json"]()), {}),
}


def mutated(content: bytes, chance: random.Random) -> bytes:
    """A few bytes flipped, cut out, doubled, swapped or put in, as a bad line, disk or program does it."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5))):
        if not data:
            break
        start = chance.randrange(len(data))
        part = slice(start, min(len(data), start + chance.choice((1, 1, 4, 30))))
        match chance.randrange(6):
            case 0:
                data[start] ^= 1 << chance.randrange(8)
            case 1:
                del data[part]
            case 2:
                data[part] = data[part] * 2
            case 3:
                data[start:start] = chance.choice((b"\0", b'"', b"\n", b"\r\n", b"\xff\xfe", b"{", b"]]>", b"&x;", b"1e999", b"\xad"))
            case 4:
                data = data[:start]
            case _:
                data[part] = chance.randbytes(part.stop - part.start)
    return bytes(data)


def fuzz(name: str, count: int) -> None:
    kind, make, options = SAMPLES[name]
    content, chance = make(), random.Random(f"{SEED} {name}")
    whole = rows_of(content, kind, options)
    print(f"{count} mutated files of {name}, seed {SEED}")
    accepted = 0
    for number in range(count):
        begun = monotonic()
        try:
            found = rows_of(mutated(content, chance), kind, options)
        except Refusal as refusal:
            assert refusal.message_vi, number
        else:
            accepted += 1
            assert name not in CHECKED or found == whole, number
        assert monotonic() - begun < LONGEST, number
    print(f"{accepted} of them could be read")


def rows_of(content: bytes, kind: str, options: dict) -> list[dict]:
    tally = Tally()
    rows = [row for batch in read_rows([content], ask(kind, **options), tally) for row in batch.to_pylist()]
    assert tally.rows == tally.counted
    assert len(rows) + tally.skipped + len(tally.ragged) + len(tally.errors) == tally.rows
    return rows


@pytest.mark.parametrize("name", SAMPLES)
def test_mutated_files(name: str) -> None:
    fuzz(name, FEW if name in PLAIN else FEW // 4)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", SAMPLES)
def test_mutated_files_in_a_full_sample(name: str) -> None:
    fuzz(name, MANY if name in PLAIN else MANY // 4)

"""A plain-Python model of an intake: what a history of files must come to, told row by row without SQL."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from three_feeds import answer, dossier, task

WORDS = ("very_satisfied", "satisfied", "neutral")


@dataclass(frozen=True)
class Line:
    """A row as drawn: `stamp` orders versions of a dossier; `kind` is good, bad (its key is known) or keyless."""

    key: str
    payload: int
    stamp: int
    kind: str


@dataclass(frozen=True)
class History:
    """Files of one feed, the order in which they arrive (again), and those withdrawn in the end."""

    feed: str
    files: tuple[tuple[Line, ...], ...]
    arrivals: tuple[int, ...]
    withdrawn: frozenset[int]


@dataclass
class Taken:
    """A delivery in the model: its good rows (key, stamp, payload), its refused lines with their key, what was skipped."""

    good: list[tuple[str, int, int]] = field(default_factory=list)
    refused: dict[int, tuple[str, int] | None] = field(default_factory=dict)
    skipped: int = 0
    read: int = 0
    status: str = "accepted"
    number: int = 0
    last: int = 0


def cells(feed: str, unit: str, line: Line) -> tuple:
    """The row as it stands in the file."""
    key, bad = "" if line.kind == "keyless" else line.key, line.kind == "bad"
    if feed == "dossier_log":
        due = "2013-01-01T08:00" if bad else f"2013-03-{10 + line.payload}T17:00"
        return dossier(unit, key, f"2013-02-{1 + line.stamp // 24:02d}T{line.stamp % 24:02d}:00", due=due)
    if feed == "survey_response":
        return answer(unit, key, "x" if bad else WORDS[line.payload])
    return task(unit, key, f"Việc {line.payload}", "x" if bad else "par")


def model(history: History) -> dict[int, Taken]:
    """Every file that arrived, by its number in the history."""
    taken: dict[int, Taken] = {}
    for day, place in enumerate(history.arrivals):
        if place not in taken:
            taken[place] = _take(history.feed, history.files[place])
            taken[place].number = len(taken)
        taken[place].last = day
    for place in history.withdrawn & set(taken):
        if taken[place].status == "accepted":
            taken[place].status = "withdrawn"
    return taken


def _take(feed: str, lines: tuple[Line, ...]) -> Taken:
    versioned = feed == "dossier_log"
    told = [(n, line.key, line.stamp if versioned else 0, line.payload, line.kind) for n, line in enumerate(lines, 2)]
    result = Taken(read=len(lines))
    result.refused = {n: None if kind == "keyless" else (key, stamp) for n, key, stamp, _, kind in told if kind != "good"}
    seen: dict[tuple, int] = {}
    for n, key, stamp, payload, kind in told:
        if kind == "good" and seen.setdefault((key, stamp, payload), n) != n:
            result.skipped += 1
    clashes = Counter((key, stamp) for key, stamp, _ in seen)
    result.refused |= {n: (key, stamp) for (key, stamp, _), n in seen.items() if clashes[key, stamp] > 1}
    result.good = [row for row in seen if clashes[row[:2]] == 1]
    result.status = "accepted" if result.good else "refused"
    return result


def facts(feed: str, taken: dict[int, Taken]) -> dict[str, int]:
    """Key → payload of its current row."""
    counting = [t for t in taken.values() if t.status == "accepted"]
    if feed == "plan_task":
        newest = max(counting, key=lambda t: (t.last, t.number), default=Taken())
        return {key: payload for key, _, payload in newest.good}
    best: dict[str, tuple] = {}
    for t in counting:
        for key, stamp, payload in t.good:
            best[key] = max(best.get(key, ()), (_version(feed, t, stamp), t.number, payload))
    return {key: found[2] for key, found in best.items()}


def states(feed: str, taken: dict[int, Taken]) -> dict[tuple[int, int], str]:
    """(file, line) → state of every refused row, as docs/adr/0013 says."""
    found: dict[tuple[int, int], str] = {}
    for place, t in taken.items():
        for line, key in t.refused.items():
            found[place, line] = "withdrawn" if t.status == "withdrawn" else _state(feed, t, key, taken)
    return found


def _state(feed: str, own: Taken, key: tuple[str, int] | None, taken: dict[int, Taken]) -> str:
    others = [t for t in taken.values() if t.status == "accepted" and t is not own]
    later = sorted((t for t in others if (t.last, t.number) > (own.last, own.number)), key=lambda t: (t.last, t.number))
    if feed == "plan_task":
        if not later:
            return "open"
        return "mended" if key and key[0] in {k for k, _, _ in later[0].good} else "superseded"
    if key:
        mine = (_version(feed, own, key[1]), own.number)
        newer = [k for t in others for k, stamp, _ in t.good if (_version(feed, t, stamp), t.number) > mine]
        return "mended" if key[0] in newer else "open"
    keys = {k for k, _, _ in own.good}
    whole = [t for t in later if keys and len(t.good) >= len(own.good) and keys <= {k for k, _, _ in t.good}]
    return "superseded" if whole else "open"


def _version(feed: str, t: Taken, stamp: int) -> int:
    return stamp if feed == "dossier_log" else t.last


def books(taken: dict[int, Taken]) -> dict[int, tuple]:
    """File → status, read, accepted or unchanged, quarantined, skipped; a file without a row has no counts."""
    return {
        place: (t.status, t.read, len(t.good), len(t.refused), t.skipped) if t.read else ("refused", None, None, None, None)
        for place, t in taken.items()
    }


def by_place(pairs: list[tuple[int, object]]) -> dict[int, list]:
    """Values grouped by their first member."""
    grouped: dict[int, list] = defaultdict(list)
    for place, value in pairs:
        grouped[place].append(value)
    return dict(grouped)

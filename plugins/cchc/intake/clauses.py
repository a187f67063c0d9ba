"""The order of a directive's clauses, read from how they are written: `phần mở đầu`, `§1c`, `§I.4`, `§II.4.2`, `lĩnh vực 3`."""

import re

POINTS = "abcdđefghijklmnopqrstuvwxyz"  # the order of a list's points; some texts leave out f and j, KT-05 does not
ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10}
FIRST = re.compile(r"§\s*([0-9IVX]+(?:\.[0-9IVX]+)*)([^\W\d_]?)(?![^\W\d_])")
FIELD = re.compile(r"lĩnh vực (\d+)")
PREAMBLE = ("phần mở đầu", "nhận định chung")
ANNEX = (900,)  # the index fields of SL-152 stand in its annexes
LAST = (999,)

Place = tuple[int, ...]


def place(clause: str) -> Place:
    """Where a clause stands; of several, the first. The preamble is before §1, an index field and what can't be read after them."""
    if clause.casefold().startswith(PREAMBLE):
        return (0,)
    if found := FIRST.search(clause):
        numbers = [ROMAN[part] if part in ROMAN else int(part) for part in found[1].split(".") if part in ROMAN or part.isdigit()]
        return (*numbers, *([POINTS.find(found[2].casefold()) + 1] if found[2] else []))
    field = FIELD.search(clause)
    return (*ANNEX, int(field[1])) if field else LAST


def ranks(clauses: list[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Of (directive, clause) pairs, each clause's rank in its directive, from 1; clauses at the same place share it."""
    found: dict[tuple[str, str], int] = {}
    for directive in {pair[0] for pair in clauses}:
        own = {pair for pair in clauses if pair[0] == directive}
        places = sorted({place(clause) for _, clause in own})
        found |= {pair: places.index(place(pair[1])) + 1 for pair in own}
    return found

"""A province's units from a workbook: read by the limited readers, checked cell by cell, told by row and column."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from cchc.errors import ConfigError
from cchc.readers import Refusal, Request, Tally, read_rows

HEADER = ("agency_code", "name_vi", "kind", "level", "block", "parent_code", "valid_from", "valid_to", "successor_codes", "decree",
          "sort_rank", "source")  # fmt: skip
COLUMNS = {
    "agency_code": "Mã đơn vị", "name_vi": "Tên đơn vị", "kind": "Loại", "level": "Cấp", "block": "Khối",
    "parent_code": "Mã đơn vị cấp trên", "valid_from": "Hiệu lực từ", "valid_to": "Hết hiệu lực từ", "successor_codes": "Mã đơn vị kế thừa",
    "decree": "Văn bản", "source": "Nguồn",
}  # fmt: skip
NEEDED = ("agency_code", "name_vi", "kind", "level", "block", "parent_code", "valid_from")
KINDS = {"tỉnh": "province", "sở": "department", "sở, ban, ngành": "department", "huyện": "district", "xã": "commune"}
LEVELS = {"tỉnh": "province", "huyện": "district", "xã": "commune"}
CODE = re.compile(r"[A-Z0-9]+(\.[A-Z0-9]+)*")
BLOCK = re.compile(r"[a-z][a-z_]*")
MOST_TOLD = 20


def units_of_workbook(path: Path, province_code: str) -> list[dict[str, str]]:
    """The units of a workbook's first sheet, in its order, as rows of reference/unit.csv.

    Raises ConfigError that names every wrong cell by row and column, or says why the workbook can't be read.
    """
    rows = [_row(cells, path.name) for cells in _cells(path)]
    for rank, (_, unit) in enumerate(rows, start=1):
        unit["sort_rank"] = str(rank)
    problems = [f"row {line}, column '{COLUMNS[column]}': {what}" for line, column, what in problems_of(rows, province_code)]
    if problems:
        more = f"\n… and {len(problems) - MOST_TOLD} more" if len(problems) > MOST_TOLD else ""
        raise ConfigError(f"{path.name}: {len(problems)} to correct\n" + "\n".join(problems[:MOST_TOLD]) + more)
    return [unit for _, unit in rows]


def problems_of(rows: list[tuple[int, dict[str, str]]], province_code: str) -> Iterator[tuple[int, str, str]]:
    """What is wrong in a list of (line, unit): line, column and reason, cell by cell, then between the rows."""
    for line, unit in rows:
        yield from ((line, column, what) for column, what in _cell_problems(unit))
    yield from _between(rows, province_code)


def _cells(path: Path) -> Iterator[dict[str, str | None]]:
    request = Request("xlsx", {"sheet": None, "header_row": 1}, COLUMNS, NEEDED)
    try:
        for batch in read_rows(iter([path.read_bytes()]), request, Tally()):
            yield from batch.to_pylist()
    except OSError as error:
        raise ConfigError(f"{path}: can't be read: {error.strerror}") from error
    except Refusal as refusal:
        raise ConfigError(f"{path.name}: {refusal.message_vi}") from refusal


def _row(cells: dict, name: str) -> tuple[int, dict[str, str]]:
    unit = {column: cells.get(column) or "" for column in COLUMNS}
    unit["kind"] = KINDS.get(unit["kind"].casefold(), unit["kind"])
    unit["level"] = LEVELS.get(unit["level"].casefold(), unit["level"])
    for column in ("valid_from", "valid_to"):
        unit[column] = _iso(unit[column])
    unit["source"] = unit["source"] or f"{name}, dòng {cells['_line']}"
    return cells["_line"], unit


def _iso(text: str) -> str:
    """A date as clerks write it, in ISO; what is no date stays as it is and is told by the check."""
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, pattern).date().isoformat()  # noqa: DTZ007  (a date has no zone)
        except ValueError:
            continue
    return text


def _cell_problems(unit: dict[str, str]) -> Iterator[tuple[str, str]]:
    for column in ("agency_code", "name_vi", "kind", "level", "valid_from", "source"):
        if not unit[column]:
            yield column, "must not be empty"
    for column, words in (("kind", KINDS), ("level", LEVELS)):
        if unit[column] and unit[column] not in words.values():
            yield column, f"{unit[column]!r} is none of {', '.join(words)} (or {', '.join(sorted(set(words.values())))})"
    for column, shape in (("agency_code", CODE), ("block", BLOCK)):
        if unit[column] and not shape.fullmatch(unit[column]):
            yield column, f"{unit[column]!r} does not look like one ({shape.pattern})"
    for column in ("valid_from", "valid_to"):
        if unit[column] and not _is_date(unit[column]):
            yield column, f"{unit[column]!r} is no date dd/mm/yyyy"
    if _is_date(unit["valid_from"]) and _is_date(unit["valid_to"]) and unit["valid_to"] <= unit["valid_from"]:
        yield "valid_to", "lies not after the day the unit began"


def _is_date(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _between(rows: list[tuple[int, dict[str, str]]], province_code: str) -> Iterator[tuple[int, str, str]]:
    first: dict[str, int] = {}
    by_code = {unit["agency_code"]: unit for _, unit in rows}
    if by_code.get(province_code, {}).get("kind") != "province":
        yield 1, "kind", f"no row of kind tỉnh has the province's own code {province_code}"
    for line, unit in rows:
        code, parent = unit["agency_code"], unit["parent_code"]
        if code and first.setdefault(code, line) != line:
            yield line, "agency_code", f"{code} stands in row {first[code]} already"
        if unit["kind"] == "province" and code != province_code:
            yield line, "kind", f"only {province_code} can be the province"
        if unit["kind"] != "province" and not parent:
            yield line, "parent_code", "must not be empty: every unit but the province has one above it"
        elif parent and parent not in by_code:
            yield line, "parent_code", f"{parent} is no unit of the list"
        elif _is_its_own_parent(code, by_code):
            yield line, "parent_code", f"{code} comes to stand above itself"
        for successor in unit["successor_codes"].split():
            if successor not in by_code:
                yield line, "successor_codes", f"{successor} is no unit of the list"


def _is_its_own_parent(code: str, by_code: dict[str, dict[str, str]]) -> bool:
    above = by_code[code]["parent_code"] if code in by_code else ""
    for _ in by_code:
        if above == code:
            return True
        above = by_code[above]["parent_code"] if above in by_code else ""
    return False

"""Forms II.06a and II.07b of the imagined quarter, added to a release that report_sample wrote."""

from typing import Any

from cchc.warehouse.connect import connect
from report_sample import PERIOD, insert_partition, units, write_release

SECTORS = {"lv-493d8a": "Hộ tịch", "lv-0a1b2c": "Đất đai", "lv-d41d8c": ""}  # the last one's name is not known
COUNTS = ("c4", "c5", "c6", "c8", "c9", "c10", "c12", "c13", "returned", "stopped", "no_due", "paused", "resumed")
Row = dict[str, Any]


def write_release_with_forms(province: str, scale: int = 1, **changes: Any) -> str:
    """A release with both forms of the quarter; `scale` times as many dossiers."""
    release = write_release(province, **changes)
    with connect("cchc_transformer") as connection:
        for mart, rows in (("form_ii06a", dossier_form(scale)), ("form_ii07b", procedure_form())):
            insert_partition(connection, release, mart, PERIOD, rows)
    return release


def dossier_form(scale: int = 1) -> list[Row]:
    """Every unit but one, each by sector; the province by level and in total."""
    told = {code: unit for code, unit in units().items() if unit["kind"] != "province" and code != "H52.10"}
    rows = []
    for place, code in enumerate(told, 1):
        by_sector = [
            _counted(code, f"sector={key}", name, scale * (place * 7 + number)) for number, (key, name) in enumerate(SECTORS.items())
        ]
        rows += [*by_sector, _sum(code, "", by_sector)]
    whole = [row for row in rows if not row["dim"]]
    levels = [_sum("H52", f"level={level}", [row for row in whole if told[row["agency_code"]]["level"] == level])
              for level in ("province", "district", "commune")]  # fmt: skip
    return [*rows, *levels, _sum("H52", "", whole)]


def _counted(code: str, dim: str, sector: str | None, many: int) -> Row:
    counts = (many, many * 3, many // 2, many, many * 2, many // 7, many * 3, 0, many // 9, 1, 2, many // 5, 0)
    row = dict(zip(COUNTS, counts, strict=True))
    row["c13"] = row["c4"] + row["c5"] + row["c6"] - row["c8"] - row["c9"] - row["c10"]
    row["c12"], row["c13"] = row["c13"] - row["c13"] // 4, row["c13"] // 4
    return _with_sums({"agency_code": code, "dim": dim, "sector_vi": sector} | row)


def _sum(code: str, dim: str, rows: list[Row]) -> Row:
    return _with_sums({"agency_code": code, "dim": dim, "sector_vi": None} | {name: sum(row[name] for row in rows) for name in COUNTS})


def _with_sums(row: Row) -> Row:
    return row | {"c3": row["c4"] + row["c5"] + row["c6"], "c7": row["c8"] + row["c9"] + row["c10"], "c11": row["c12"] + row["c13"]}


def procedure_form() -> list[Row]:
    """The province's and Sở Nội vụ's by sector; Sở Tư pháp's catalogue tells no internal process."""
    rows = []
    for code, (province, district, commune), tells in (
        ("H52", (1204, 310, 128), True),
        ("H52.02", (95, 0, 0), True),
        ("H52.03", (88, 4, 2), False),
    ):
        parts = [
            _procedures(code, key, name, (province // 2, district // 2, commune // 2), tells) for key, name in list(SECTORS.items())[:2]
        ]
        rows += [*parts, _whole(code, parts)]
    return rows


def _procedures(code: str, key: str, name: str, levels: tuple[int, int, int], tells: bool) -> Row:
    held = [*levels, *(count - count // 9 for count in levels), *(count // 3 if tells else None for count in levels)]
    row = {"agency_code": code, "dim": f"sector={key}", "sector_vi": name}
    return row | _in_threes(dict(zip(("c4", "c5", "c6", "c8", "c9", "c10", "c12", "c13", "c14"), held, strict=True)))


def _whole(code: str, parts: list[Row]) -> Row:
    names = ("c4", "c5", "c6", "c8", "c9", "c10", "c12", "c13", "c14")
    sums = {name: None if parts[0][name] is None else sum(part[name] for part in parts) for name in names}
    return {"agency_code": code, "dim": "", "sector_vi": None} | _in_threes(sums)


def _in_threes(row: Row) -> Row:
    """Columns 3, 7 and 11: each the sum of the three behind it."""

    def three(first: int) -> int | None:
        parts = [row[f"c{first + step}"] for step in (1, 2, 3)]
        return None if None in parts else sum(parts)

    return row | {f"c{first}": three(first) for first in (3, 7, 11)}

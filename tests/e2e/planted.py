"""Files of every feed with a contract, planted with persons: in every column and in every way a file can fail.

Three sorts of plants, told apart by where they may turn up:
never: personal columns, cells that fail, files that are refused: nowhere outside the encrypted bytes;
free: free text and free codes that nobody declared personal: accepted rows and what dbt makes of them, nowhere else;
key: free codes of a key, which the quarantine repeats so that a sender finds the row.
"""

import csv
import io
import json
import os
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter

from cchc.contracts import Contract, contract, feeds

NAMES = {"never": "Quàng Thị Kínmậtộc", "free": "Lường Văn Hởmạngữ", "key": "Điêu Chính Ẩnkhóầu"}
NUMBERS = {"never": ("077199483926", "0977483926"), "free": ("066188372615", "0966372615"), "key": ("055177261504", "0955261504")}
PLAIN = {"text": "abc", "code": "C", "integer": "1", "amount": "1", "decimal": "1", "date": "2013-02-01", "instant": "2013-02-01T08:00",
         "boolean": "có", "unit": "X01.01", "period": "2013-01"}  # fmt: skip
GLOBS = {"csv": "csv", "xlsx": "xlsx", "json": "json"}
FEEDS = [contract(feed) for feed in feeds()]


def plants(sort: str) -> list[str]:
    """The words of one sort: a name in both forms of Unicode, an id, a telephone number."""
    return [unicodedata.normalize(form, NAMES[sort]) for form in ("NFC", "NFD")] + list(NUMBERS[sort])


def words_for(agreed: Contract, name: str, sort: str) -> list[str]:
    """The words to stand in a column: a number column gets numbers with spaces, for a bare one is a number there."""
    if agreed.columns[name].type in ("integer", "amount", "decimal"):
        return [f"{word[:4]} {word[4:7]} {word[7:]}" if word.isdecimal() else word for word in plants(sort)]
    return plants(sort)


def sort_of(agreed: Contract, name: str) -> str:
    """Where a plant that stands in this column may turn up."""
    column = agreed.columns[name]
    if column.personal or column.allowed or column.type not in ("text", "code"):
        return "never"
    return "key" if name in agreed.key else "free"


def sender_yaml() -> str:
    """One sender with three sources for each feed: CSV, workbook, JSON."""
    lines = ["sender: X01.01", "synthetic: true", "sources:"]
    for agreed in FEEDS:
        for kind in GLOBS:
            lines += [
                f"  {agreed.feed}-{kind}:",
                f"    {{feed: {agreed.feed}, contract: {agreed.version}, every: month, required: false, read: {{kind: {kind}}}, connect:",
                f"      {{kind: file_drop, glob: 'so-mot/{agreed.feed}/*.{kind}', arrived: '([0-9-]{{10}})'}}}}",
            ]
    return "\n".join(lines) + "\n"


def good_row(agreed: Contract, number: int) -> dict[str, str]:
    """A row that its contract takes, with persons in its personal columns."""
    row = {}
    for name, column in agreed.columns.items():
        if column.derived:
            continue
        value = column.example if column.example is not None else column.allowed[0] if column.allowed else PLAIN[column.type]
        if column.min and column.type in ("integer", "amount", "decimal") and column.example is None:
            value = column.min
        row[name] = plants("never")[number % 4] + str(number) if column.personal else value
    last = agreed.key[-1]
    if agreed.columns[last].type == "code" and not agreed.columns[last].allowed and not agreed.columns[last].personal:
        row[last] = f"M{number}"
    return row


def wrong_rows(agreed: Contract) -> Iterator[dict[str, str]]:
    """Every column in turn holds a person, is too long, or holds a control character."""
    number = 100
    for name in good_row(agreed, 0):
        sort = sort_of(agreed, name)
        cells = [*words_for(agreed, name, sort), plants("never")[0] * (agreed.columns[name].max_length // 10), plants("never")[1] + "\x02"]
        for cell in cells:
            number += 1
            yield good_row(agreed, number) | {name: cell}


def doubled_rows(agreed: Contract) -> list[dict[str, str]]:
    """One key twice, and the rest differs; persons in all free columns."""
    first = good_row(agreed, 1)
    free = {name: plants("free")[0] for name in first if sort_of(agreed, name) == "free"}
    return [first | free, first | {name: plants("free")[2] for name in free}]


def csv_text(agreed: Contract, rows: list[dict[str, str]], header: bool = True, more: int = 0) -> str:
    """Rows as CSV under the contract's headers; `more` cells with persons at each row's end."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    names = list(good_row(agreed, 0))
    if header:
        writer.writerow([agreed.columns[name].vi for name in names])
    writer.writerows([[row[name] for name in names] + plants("never")[:more] for row in rows])
    return text.getvalue()


def all_over(agreed: Contract) -> list[dict[str, str]]:
    """Rows with a person in every cell; none of them can be accepted, so free text counts as the rest does."""
    sorts = {name: "key" if sort_of(agreed, name) == "key" else "never" for name in good_row(agreed, 0)}
    return [{name: words_for(agreed, name, sort)[n] for name, sort in sorts.items()} for n in range(4)]


def workbook(agreed: Contract, rows: list[dict[str, str]], kept: int | None = None) -> bytes:
    """A workbook; `kept`: only its first so many bytes, uncompressed, so that the persons stand in them."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    rows = [row for row in rows if "\x02" not in "".join(row.values())]  # a workbook can't hold one
    for line, cells in enumerate([[agreed.columns[n].vi for n in rows[0]], *[list(row.values()) for row in rows]]):
        sheet.write_row(line, 0, cells)
    book.close()
    if kept is None:
        return content.getvalue()
    plain = io.BytesIO()
    with zipfile.ZipFile(content) as packed, zipfile.ZipFile(plain, "w", zipfile.ZIP_STORED) as stored:
        for entry in packed.infolist():
            stored.writestr(entry.filename, packed.read(entry))
    return plain.getvalue()[:kept]


def json_text(agreed: Contract, rows: list[dict[str, str]]) -> str:
    """Rows as a JSON list under the contract's headers."""
    return json.dumps([{agreed.columns[n].vi: cell for n, cell in row.items()} for row in rows], ensure_ascii=False)


def first_files(agreed: Contract) -> dict[str, bytes]:
    """What comes before the first night: good rows only, persons in their personal columns."""
    rows = [good_row(agreed, number) for number in range(1, 21)]
    return {"2014-03-01_good.csv": csv_text(agreed, rows).encode()}


def failing_files(agreed: Contract) -> dict[str, bytes]:
    """Every way a delivery can fail."""
    good = [good_row(agreed, number) for number in range(1, 21)]
    wrong, missing = list(wrong_rows(agreed)), csv_text(agreed, all_over(agreed)).split("\n", 1)
    last = agreed.columns[agreed.key[-1]].vi
    return {
        "2014-03-02_columns.csv": csv_text(agreed, wrong).encode(),
        "2014-03-03_ragged.csv": (csv_text(agreed, good) + csv_text(agreed, good[:3], header=False, more=3)).encode(),
        "2014-03-04_doubles.csv": csv_text(agreed, doubled_rows(agreed) + good[5:]).encode(),
        "2014-03-05_utf16.csv": csv_text(agreed, all_over(agreed)).encode("utf-16"),
        "2014-03-06_1258.csv": csv_text(agreed, all_over(agreed)).encode("cp1258", "replace"),
        "2014-03-07_no_header.csv": csv_text(agreed, all_over(agreed), header=False).encode(),
        "2014-03-08_missing.csv": (missing[0].replace(last, plants("never")[3]) + "\n" + missing[1]).encode(),
        "2014-03-09_open_quote.csv": (csv_text(agreed, good) + '"' + csv_text(agreed, all_over(agreed), header=False)).encode(),
        "2014-03-10_only_wrong.csv": csv_text(agreed, all_over(agreed)).encode(),
        "2014-03-11_shrunk.csv": csv_text(agreed, good[:1]).encode(),
        "2014-03-12_zero.csv": (csv_text(agreed, good[:2]) + plants("never")[0] + "\x00" + plants("never")[2] + "\n").encode(),
        "2014-03-02_columns.xlsx": workbook(agreed, wrong),
        "2014-03-03_cut.xlsx": workbook(agreed, all_over(agreed), kept=3000),
        "2014-03-04_no_book.xlsx": json_text(agreed, all_over(agreed)).encode(),
        "2014-03-02_columns.json": json_text(agreed, wrong).encode(),
        "2014-03-03_cut.json": json_text(agreed, all_over(agreed))[:-40].encode(),
    }  # fmt: skip


def put(inbox: Path, agreed: Contract, files: dict[str, bytes]) -> None:
    """Lay files into the sender's folder."""
    folder = inbox / "so-mot" / agreed.feed
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
        os.utime(folder / name, (1_393_000_000, 1_393_000_000))

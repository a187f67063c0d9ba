"""Readers: two counts, refusals with reasons, line numbers; in real child processes."""

import csv
import io
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Iterable

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc.readers import Refusal, Request, Tally, read_rows

FEW, MANY = 60, 2000
CELLS = st.lists(
    st.tuples(st.text(st.characters(exclude_characters="\0\r", exclude_categories=("Cs",)), max_size=8), st.integers(0, 9)), min_size=1
)


def ask(kind: str, **changes: object) -> Request:
    options = {"csv": {"encoding": "utf-8", "delimiter": ",", "header_row": 1}, "xlsx": {"header_row": 1}, "json": {"records": ""}}[kind]
    given_options = {k: v for k, v in changes.items() if k in ("encoding", "delimiter", "header_row", "sheet", "records")}
    rest = {k: v for k, v in changes.items() if k not in given_options}
    return Request(kind, options | given_options, {"code": "Mã hồ sơ", "fee": "Phí"}, ("code",), **rest)


def read(blocks: bytes | Iterable[bytes], request: Request) -> tuple[list[dict], Tally]:
    tally = Tally()
    batches = list(read_rows([blocks] if isinstance(blocks, bytes) else blocks, request, tally))
    return [row for batch in batches for row in batch.to_pylist()], tally


def workbook(rows: list[list]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def test_headers_match_without_accents_case_spaces_and_order() -> None:
    rows, _ = read(b"phi,MA  HO SO\n5,a\n", ask("csv"))
    assert rows == [{"code": "a", "fee": "5", "_line": 2}]


def test_ragged_blank_and_total_rows_are_counted_and_lines_are_right() -> None:
    text = "Mã hồ sơ,Phí\na,1\nb\n\nc,3\nd,4,5\nTổng cộng,8\ne,9\n"
    rows, tally = read(text.encode(), ask("csv", skip_rows=("Tổng cộng",)))
    assert [(row["code"], row["_line"]) for row in rows] == [("a", 2), ("c", 5), ("e", 8)]
    assert (tally.rows, tally.counted, tally.skipped, tally.ragged) == (7, 7, 2, [3, 6])


@pytest.mark.parametrize(
    ("content", "request_", "rule"),
    [
        ('Mã hồ sơ,Phí\na,1\n"b,2\nc,3\n'.encode(), ask("csv"), "unreadable"),
        ("Mã hồ sơ\nđ\n".encode("cp1258", "ignore") + b"\xf0\xff\n", ask("csv"), "wrong_encoding"),
        (b"\xff\xfeM", ask("csv", encoding="utf-16"), "wrong_encoding"),
        ("Phí\n1\n".encode(), ask("csv"), "missing_column"),
        ("Mã hồ sơ,ma ho so\n1,2\n".encode(), ask("csv"), "double_column"),
        (b"", ask("csv"), "no_rows"),
        (b"PK\x03\x04 not a workbook", ask("xlsx"), "unreadable"),
        (b'[{"a": NaN}]', ask("json"), "unreadable"),
        (b'[{"a": 1, "a": 2}]', ask("json"), "unreadable"),
        (b"[" * 100_000, ask("json"), "unreadable"),
        ('[{"Mã hồ sơ": [1]}]'.encode(), ask("json"), "unreadable"),
    ],
)
def test_what_can_not_be_read_is_refused_with_a_reason(content: bytes, request_: Request, rule: str) -> None:
    with pytest.raises(Refusal) as caught:
        read(content, request_)
    assert caught.value.rule == rule
    assert caught.value.message_vi


def test_windows_1258_comes_out_in_nfc() -> None:
    text = "Mã hồ sơ,Phí\nViệt Nam đường,1\n"
    import unicodedata

    encoded = unicodedata.normalize("NFD", text).encode("cp1258", "ignore")
    composed = "".join(text).encode("utf-8").decode("utf-8")
    rows, _ = read(_cp1258(composed), ask("csv", encoding="windows-1258"))
    assert encoded
    assert rows[0]["code"] == "Việt Nam đường"


def _cp1258(text: str) -> bytes:
    """Letters with their base accents, tones as combining marks: what Windows wrote."""
    import unicodedata

    tones = "\u0300\u0301\u0303\u0309\u0323"
    out = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in parts if mark in tones)
        out.append(unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in tones)) + tone)
    return "".join(out).encode("cp1258")


def test_workbook_with_title_and_typed_cells() -> None:
    content = workbook([["Danh sách"], ["Mã hồ sơ", "Phí"], ["a", 1234.5], ["b", 7], [], ["Tổng cộng", 9]])
    rows, tally = read(content, ask("xlsx", header_row=2, skip_rows=("Tổng cộng",), decimal=","))
    assert [(row["code"], row["fee"], row["_line"]) for row in rows] == [("a", "1234,5", 3), ("b", "7", 4)]
    assert (tally.rows, tally.counted, tally.skipped) == (3, 3, 1)


@pytest.mark.parametrize("sample", [100, pytest.param(3000, marks=pytest.mark.long)])
def test_a_flipped_bit_in_a_workbook_never_changes_a_value(sample: int) -> None:
    content = workbook([["Mã hồ sơ", "Phí"], *[[f"dossier {k}", k * 1000] for k in range(40)]])
    good, _ = read(content, ask("xlsx"))
    seed = random.Random(152)
    print(f"{sample} flipped bits, seed 152")
    for _ in range(sample):
        place = seed.randrange(len(content) * 8)
        flipped = bytearray(content)
        flipped[place // 8] ^= 1 << place % 8
        try:
            rows, _ = read(bytes(flipped), ask("xlsx"))
        except Refusal:
            continue
        assert rows == good


def test_a_workbook_that_asks_for_549_gigabytes_kills_the_child_only() -> None:
    content = workbook([["Mã hồ sơ"], ["a"]])
    bomb = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(bomb, "w") as target:
        for entry in source.namelist():
            data = source.read(entry)
            if entry == "xl/worksheets/sheet1.xml":
                data = data.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
            target.writestr(entry, data)
    with pytest.raises(Refusal):
        read(bomb.getvalue(), ask("xlsx"))
    assert read(content, ask("xlsx"))[1].rows == 1


def never_loses_a_row(cells: list[tuple[str, int]]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([["Mã hồ sơ", "Phí"], *cells])
    rows, tally = read(out.getvalue().encode(), ask("csv"))
    assert tally.rows == tally.counted == len(cells)
    assert len(rows) + tally.skipped + len(tally.ragged) == len(cells)


@settings(max_examples=FEW, deadline=None, derandomize=True)
@given(CELLS)
def test_csv_never_loses_a_row_in_silence(cells: list[tuple[str, int]]) -> None:
    never_loses_a_row(cells)


@pytest.mark.long
@settings(max_examples=MANY, deadline=None)
@given(CELLS)
def test_csv_never_loses_a_row_in_a_full_sample(cells: list[tuple[str, int]]) -> None:
    never_loses_a_row(cells)


def test_every_cut_of_a_file_is_refused_or_whole_lines() -> None:
    content = 'Mã hồ sơ,Phí\n"a,b",1\n"c\nd",2\ne,3\n'.encode()
    for size in range(len(content)):
        try:
            rows, tally = read(content[:size], ask("csv"))
        except Refusal:
            continue
        assert tally.rows == tally.counted
        assert len(rows) <= 3


def test_json_records_under_a_path_keep_their_digits() -> None:
    content = json.dumps({"data": {"items": [{"Mã hồ sơ": "x", "Phí": 0.1}, {"Mã hồ sơ": "y", "Phí": 12345678901234567890}]}}).encode()
    rows, tally = read(content, ask("json", records="data.items"))
    assert [row["fee"] for row in rows] == ["0.1", "12345678901234567890"]
    assert tally.rows == tally.counted == 2


def test_an_error_of_the_byte_source_is_not_taken_for_the_end() -> None:
    def blocks() -> Iterable[bytes]:
        yield "Mã hồ sơ,Phí\na,1\n".encode()
        raise OSError("disk gone")

    with pytest.raises(OSError, match="disk gone"):
        read(blocks(), ask("csv"))


HALF_WAY = """
from cchc.readers import Request, Tally, read_rows
options = {"encoding": "utf-8", "delimiter": ",", "header_row": 1}
row = b"A,1" + b" " * 1000 + b"\\n"
reading = read_rows([b"code,fee\\n", *[row * 1000] * 40], Request("csv", options, {"code": "code"}, ()), Tally())
next(reading)
raise RuntimeError("our own mistake")
"""


def test_a_process_that_fails_half_way_through_a_file_ends() -> None:
    """Else it would hold its source until the reader's deadline."""
    done = subprocess.run([sys.executable, "-c", HALF_WAY], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "our own mistake" in done.stderr


def test_a_bomb_is_refused_and_the_next_file_is_read() -> None:
    from cchc.readers import xlsx_reader

    big = workbook([["Mã hồ sơ"], ["x" * 30_000]])
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(big)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.namelist():
            target.writestr(entry, source.read(entry))
        target.writestr("xl/media/bomb.bin", b"\0" * (xlsx_reader.LARGEST_UNPACKED + 1))
    for _ in range(2):
        with pytest.raises(Refusal) as caught:
            read(packed.getvalue(), ask("xlsx"))
        assert caught.value.rule == "too_large"
        assert read("Mã hồ sơ,Phí\na,1\n".encode(), ask("csv"))[1].rows == 1

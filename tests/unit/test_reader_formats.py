"""Every kind of file: packed, old encodings, sheets as officials make them, JSON Lines, XML. Same rows out of each."""

import gzip
import io
import json
import unicodedata
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
import xlsxwriter
import xlwt

from cchc.readers import Refusal, Request, Tally, read_rows
from cchc.readers.guess import guess_encoding
from cchc.readers.legacy import TCVN3, VNI

HEADERS = {"code": "Mã hồ sơ", "name": "Tên thủ tục", "fee": "Phí"}
ROWS = [["a1", "Đăng ký hộ tịch ở xã", "1000"], ["b2", "Cấp đổi giấy tờ, tự nguyện", ""], ["c3", "Xác nhận chữ ký", "25"]]
OPTIONS = {
    "csv": {"encoding": "utf-8", "delimiter": ",", "header_row": 1},
    "xlsx": {"header_row": 1},
    "xls": {"header_row": 1},
    "json": {"records": ""},
    "jsonl": {},
    "xml": {"record": "ho_so"},
}


def ask(kind: str, **options: object) -> Request:
    return Request(kind, OPTIONS[kind] | options, HEADERS, ("code",))


def read(content: bytes, request: Request) -> tuple[list[list], Tally]:
    tally = Tally()
    found = [row for batch in read_rows([content], request, tally) for row in batch.to_pylist()]
    return [[row["code"], row["name"], row["fee"] or ""] for row in found], tally


def csv_text(delimiter: str = ",") -> str:
    return "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in [[*HEADERS.values()], *ROWS]) + "\n"


def as_xlsx(rows: list[list], **sheets: list[list]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, cells in ({"Tờ 1": rows} | sheets).items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(cells):
                sheet.write_row(number, 0, row)
    return out.getvalue()


def as_xls(rows: list[list]) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Tờ 1")
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet.write(number, place, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_jsonl() -> bytes:
    return "\n".join(json.dumps(dict(zip(HEADERS.values(), row, strict=True)), ensure_ascii=False) for row in ROWS).encode()


def as_xml() -> bytes:
    body = "".join(f"<ho_so ma_ho_so='{code}'><ten_thu_tuc>{name}</ten_thu_tuc><phi>{fee}</phi></ho_so>" for code, name, fee in ROWS)
    return f"<?xml version='1.0' encoding='utf-8'?><tap>{body}</tap>".encode()


PLAIN: dict[str, Callable[[], bytes]] = {
    "csv": lambda: csv_text().encode(),
    "xlsx": lambda: as_xlsx([[*HEADERS.values()], *ROWS]),
    "xls": lambda: as_xls([[*HEADERS.values()], *ROWS]),
    "json": lambda: json.dumps([dict(zip(HEADERS.values(), row, strict=True)) for row in ROWS]).encode(),
    "jsonl": as_jsonl,
    "xml": as_xml,
}


def zipped(content: bytes, name: str = "tep.dat") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("kind", PLAIN)
@pytest.mark.parametrize("pack", [bytes, gzip.compress, zipped], ids=["plain", "gzip", "zip"])
def test_the_same_rows_come_out_of_every_format_packed_or_not(kind: str, pack: Callable[[bytes], bytes]) -> None:
    rows, tally = read(pack(PLAIN[kind]()), ask(kind))
    assert rows == ROWS
    assert tally.rows == tally.counted == 3


@pytest.mark.parametrize("kind", PLAIN)
@pytest.mark.parametrize("pack", [gzip.compress, zipped], ids=["gzip", "zip"])
def test_no_cut_of_a_packed_file_loses_a_row_in_silence(kind: str, pack: Callable[[bytes], bytes]) -> None:
    content = pack(PLAIN[kind]())
    for size in range(0, len(content), 1 + len(content) // 25):
        with pytest.raises(Refusal):
            read(content[:size], ask(kind))


def encoded(text: str, encoding: str) -> bytes:
    if encoding in ("tcvn3", "vni"):
        letters = {letter: code for code, letter in (TCVN3 if encoding == "tcvn3" else VNI).items()}
        return "".join(letters.get(sign, sign) for sign in text).encode("latin-1")
    if encoding == "windows-1258":
        return b"".join(_with_combining_tone(sign) for sign in text)
    return text.encode(encoding)


def _with_combining_tone(letter: str) -> bytes:
    parts = unicodedata.normalize("NFD", letter)
    tones = [mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323"]
    base = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in tones))
    return (base + "".join(tones)).encode("cp1258")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "tcvn3", "vni", "windows-1258"])
def test_every_encoding_is_found_out_and_read_in_nfc(encoding: str) -> None:
    content = encoded(csv_text(), encoding)
    found = guess_encoding(content)
    assert found.sure
    assert found.encoding == encoding.removesuffix("-sig")
    assert read(content, ask("csv", encoding=found.encoding))[0] == ROWS


@pytest.mark.parametrize(("true", "declared"), [("tcvn3", "vni"), ("vni", "windows-1258"), ("tcvn3", "utf-8"), ("utf-8", "tcvn3")])
def test_a_file_in_another_encoding_than_declared_is_refused_and_named(true: str, declared: str) -> None:
    with pytest.raises(Refusal, match=f"Có vẻ là {true}") as caught:
        read(encoded(csv_text(), true), ask("csv", encoding=declared))
    assert caught.value.rule == "wrong_encoding"


def test_a_letter_of_vni_may_be_cut_by_the_end_of_a_block() -> None:
    from cchc.readers.legacy import decoder

    text = "Đề nghị bổ sung hồ sơ: Ở ĐÂY"
    letters, reader = encoded(text, "vni"), decoder("vni")
    assert "".join(reader.decode(letters[at : at + 1]) for at in range(len(letters))) + reader.decode(b"", True) == text


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_by_the_headers(delimiter: str) -> None:
    assert read(csv_text(delimiter).encode(), ask("csv", delimiter="auto"))[0] == ROWS


def test_a_delimiter_that_nothing_tells_is_not_guessed() -> None:
    with pytest.raises(Refusal) as caught:
        read("Mã hồ sơ\na1\n".encode(), ask("csv", delimiter="auto"))
    assert caught.value.rule == "unknown_delimiter"


def test_a_sheet_as_officials_make_it() -> None:
    cells = [
        ["BÁO CÁO", "", ""],
        ["Mã hồ sơ", "Thủ tục", "", ""],
        ["", "Tên", "Phí", ""],
        ["(1)", "(2)", "(3)=(1)+(2)", ""],
        ["I. Khối sở", "", "", ""],
        ["a1", "Đăng ký", 1000, ""],
        ["b2", "Xác nhận", "", ""],
        ["Tổng cộng", "", 1000, ""],
    ]
    headers = {"code": "Mã hồ sơ", "name": "Thủ tục Tên", "fee": "Thủ tục Phí"}
    request = Request("xlsx", {"header_row": 2, "header_rows": 2, "groups": True}, headers, ("code",), skip_rows=("Tổng cộng",))
    rows, tally = read(as_xlsx(cells), request)
    assert rows == [["a1", "Đăng ký", "1000"], ["b2", "Xác nhận", ""]]
    assert (tally.rows, tally.counted, tally.skipped) == (5, 5, 3)


def test_several_sheets_keep_their_lines_apart() -> None:
    content = as_xlsx([[*HEADERS.values()], ROWS[0]], **{"Tờ 2": [[*HEADERS.values()], *ROWS[1:]]})
    tally = Tally()
    batches = list(read_rows([content], ask("xlsx", sheets=["*"]), tally))
    assert [line for batch in batches for line in batch["_line"].to_pylist()] == [2, (1 << 20) + 2, (1 << 20) + 3]
    assert tally.rows == tally.counted == 3


def test_cells_that_show_an_error_or_were_never_computed_are_set_aside() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([[*HEADERS.values()], *ROWS]):
            sheet.write_row(number, 0, row)
        sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
        sheet.write_formula(4, 2, "=1/0", None, "#DIV/0!")
    rows, tally = read(out.getvalue(), ask("xlsx"))
    assert rows == ROWS[1:]
    assert tally.errors == [2, 5]
    assert tally.rows == tally.counted == 4


def test_a_formula_that_no_program_computed_is_set_aside() -> None:
    book = openpyxl.Workbook()
    for row in [[*HEADERS.values()], ["a1", "x", "=1+1"], ["b2", "y", 2]]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    rows, tally = read(out.getvalue(), ask("xlsx"))
    assert rows == [["b2", "y", "2"]]
    assert tally.errors == [2]


def test_a_line_of_json_that_is_no_record_is_set_aside_alone() -> None:
    bad = [b'{"a": NaN', b'{"a": [1]}', "{'Mã hồ sơ': 1}".encode(), b'{"x": 1, "x": 2}', b"7", b""]
    rows, tally = read(b"\n".join([as_jsonl(), *bad]), ask("jsonl"))
    assert rows == ROWS
    assert tally.ragged == [4, 5, 6, 7, 8]
    assert tally.rows == tally.counted == 8


BOMB = b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><tap><ho_so><ma_ho_so>&b;</ma_ho_so></ho_so></tap>"
OUTSIDE = b"<?xml version='1.0'?><!DOCTYPE x SYSTEM 'file:///etc/passwd'><tap><ho_so><ma_ho_so>1</ma_ho_so></ho_so></tap>"


@pytest.mark.parametrize("content", [BOMB, OUTSIDE, as_xml()[:-10], as_xml().replace(b"<phi>", b"<phi><x/>"), b""])
def test_xml_with_entities_outside_references_or_nesting_is_refused(content: bytes) -> None:
    with pytest.raises(Refusal):
        read(content, ask("xml"))


def test_archives_that_are_no_single_file_are_refused() -> None:
    several = io.BytesIO()
    with zipfile.ZipFile(several, "w") as archive:
        archive.writestr("a.csv", "x")
        archive.writestr("b.csv", "x")
    with pytest.raises(Refusal, match="có 2 tệp"):
        read(several.getvalue(), ask("csv"))
    for name in ("../../etc/x.csv", "/etc/x.csv", "..\\x.csv"):
        with pytest.raises(Refusal, match="trỏ ra ngoài"):
            read(zipped(csv_text().encode(), name), ask("csv"))


@pytest.mark.parametrize("pack", [gzip.compress, zipped], ids=["gzip", "zip"])
def test_an_archive_bomb_is_refused_early(pack: Callable[[bytes], bytes]) -> None:
    with pytest.raises(Refusal) as caught:
        read(pack("Mã hồ sơ\n".encode() + (b"0" * 1023 + b"\n") * (64 << 10)), ask("csv"))
    assert caught.value.rule == "too_large"

"""Evidence files and report documents: real files of every type in, everything else back to its sender."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
import typst
import xlsxwriter

from cchc.clock import parse_as_of
from cchc.connectors.sources import Source
from cchc.errors import DataError
from cchc.intake import attachment as module
from cchc.intake.expiry import expire_attachments
from cchc.intake.store import ByteStore
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from province import write_reference
from small_night import ingest, night

DAY = "2013-03-31"
SOURCE = """\
sender: X01.01
synthetic: true
sources:
  evidence:
    feed: evidence
    every: year
    required: false
    connect: {kind: file_drop, glob: "so-mot/evidence/*", arrived: "([0-9-]{10})"}
    read: {kind: attachment}
  documents:
    feed: report_document
    every: quarter
    required: false
    connect: {kind: file_drop, glob: "so-mot/report/*", arrived: "([0-9-]{10})"}
    read: {kind: attachment}
"""
ROWS = "select name, status, reason_rule, rows_read, rows_accepted, judged from ops.delivery order by name"


@pytest.fixture
def province(config: Settings) -> Settings:
    write_reference(config.province)
    (config.province / "sources/so-mot.yaml").write_text(SOURCE, encoding="utf-8")
    return config


def a_pdf() -> bytes:
    return typst.compile(b"Xin ch\xc3\xa0o", format="pdf")


def a_docx() -> bytes:
    sink = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("Kế hoạch năm 2013")
    document.save(sink)
    return sink.getvalue()


def an_xlsx() -> bytes:
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink) as book:
        book.add_worksheet().write_string(0, 0, "Số liệu")
    return sink.getvalue()


def a_png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b"")


def a_jpg() -> bytes:
    """The smallest baseline JPEG: one grey block."""
    tables = b"\xff\xdb\x00\x43\x00" + b"\x01" * 64
    frame = b"\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00"
    codes = b"\xff\xc4\x00\x14\x00\x01" + b"\0" * 15 + b"\0" + b"\xff\xc4\x00\x14\x10\x01" + b"\0" * 15 + b"\0"
    return b"\xff\xd8" + tables + frame + codes + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x3f\xff\xd9"


def with_macros() -> bytes:
    sink = io.BytesIO(an_xlsx())
    with zipfile.ZipFile(sink, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    return sink.getvalue()


def a_zip() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("ke-hoach.pdf", a_pdf())
    return sink.getvalue()


def send(config: Settings, folder: str, name: str, content: bytes) -> Path:
    path = config.inbox_path / "so-mot" / folder / f"{name}_{DAY}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def rows(query: str) -> list[tuple]:
    with connect("cchc_loader") as connection:
        return connection.execute(query).fetchall()


@pytest.mark.parametrize(("kind", "make"), [("pdf", a_pdf), ("docx", a_docx), ("xlsx", an_xlsx), ("png", a_png), ("jpg", a_jpg)])
def test_a_type_is_told_by_the_content(kind: str, make: Callable[[], bytes]) -> None:
    assert module.file_type(make()) == kind


@pytest.mark.parametrize(
    "content", [b"MZ\x90", b"<html>", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", a_zip(), with_macros(), b""]
)
def test_everything_else_has_no_type(content: bytes) -> None:
    assert module.file_type(content) is None


def test_files_are_kept_encrypted_and_registered_without_rows(province: Settings) -> None:
    files = {"a": a_pdf(), "b": a_docx(), "c": an_xlsx(), "d": a_png(), "e": a_jpg()}
    for name, content in files.items():
        send(province, "evidence", name, content)
    (result,) = ingest(province, DAY)
    assert result.failures == {}
    assert rows(ROWS) == [(f"so-mot/evidence/{name}_{DAY}", "accepted", None, None, None, True) for name in files]
    kept = rows(
        "select file_type, agency_code, a.size_bytes, retention_class, sha256 from ops.attachment a join ops.delivery using (delivery_id)"
    )
    assert sorted(row[0] for row in kept) == ["docx", "jpg", "pdf", "png", "xlsx"]
    assert {(row[1], row[3]) for row in kept} == {("X01.01", "evidence")}
    assert sorted(row[2] for row in kept) == sorted(map(len, files.values()))
    store = ByteStore(province)
    assert sorted(b"".join(store.read(row[4])) for row in kept) == sorted(files.values())
    assert all(content[:64] not in store.path(row[4]).read_bytes() for row in kept for content in files.values())
    assert rows("select count(*) from quarantine.row") == [(0,)]


def test_a_wrong_type_goes_back_with_a_reason(province: Settings) -> None:
    send(province, "report", "picture", a_png())
    send(province, "report", "macro", with_macros())
    send(province, "report", "nothing", b"")
    send(province, "evidence", "picture", a_png())
    ingest(province, DAY)
    found = {(row[0].split("/")[1], row[0].split("/")[2].split("_")[0]): row[1:3] for row in rows(ROWS)}
    assert found == {
        ("evidence", "picture"): ("accepted", None), ("report", "picture"): ("refused", "wrong_type"),
        ("report", "macro"): ("refused", "wrong_type"), ("report", "nothing"): ("refused", "empty_file"),
    }  # fmt: skip
    (reason,) = set(rows("select reason from ops.delivery where reason_rule = 'wrong_type'"))
    assert "pdf, docx, xlsx" in reason[0] and reason[0].count("Đề nghị") == 1


def test_a_file_past_the_limit_goes_back_and_one_at_it_does_not(province: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    content = a_pdf()
    monkeypatch.setattr(module, "MEGABYTE", len(content) // 20 + 1)
    limit = 20 * module.MEGABYTE
    send(province, "evidence", "at", content.ljust(limit, b"\n"))
    send(province, "evidence", "past", content.ljust(limit + 1, b"\n"))
    ingest(province, DAY)
    assert [row[1:3] for row in rows(ROWS)] == [("accepted", None), ("refused", "too_large")]


def test_a_night_takes_attachments_without_rows(province: Settings) -> None:
    from small_night import make_province, send_dossiers, send_staff

    make_province(province)
    both = (province.province / "sources/so-mot.yaml").read_text() + SOURCE.split("sources:\n")[1]
    (province.province / "sources/so-mot.yaml").write_text(both, encoding="utf-8")
    for sender in ("so-mot", "so-hai"):
        send_dossiers(province, DAY, [("A-1", "2013-03-01T08:00", "2013-03-10T17:00", "2013-03-05T10:00", "")], sender=sender)
        send_staff(province, DAY, 5, sender=sender)
    send(province, "report", "a", a_pdf())
    assert night(province, DAY).release_id
    assert ("report_document", True) in rows("select feed, in_force from ops.cut_delivery join ops.delivery using (delivery_id)")


@pytest.mark.parametrize(
    "change",
    [{"feed": "staff"}, {"read": {"kind": "csv"}}, {"columns": {"a": "b"}}, {"skip_rows": ["x"]}],
)
def test_a_source_that_mixes_files_and_rows_is_refused(change: dict) -> None:
    good = {"feed": "evidence", "every": "year", "connect": {"kind": "file_drop", "glob": "a/*"}, "read": {"kind": "attachment"}}
    assert Source.model_validate(good).feed == "evidence"
    with pytest.raises(ValueError, match=r"attachment|no rows"):
        Source.model_validate(good | change)


def test_what_is_past_the_days_of_its_class_is_destroyed_and_its_entry_stays(province: Settings) -> None:
    write_reference(province.province, **{"retention.evidence_days": "365"})
    both = a_png().ljust(100, b"\0"), a_pdf()
    send(province, "evidence", "picture", both[0])
    send(province, "evidence", "shared", both[1])
    send(province, "report", "shared", both[1])  # the same bytes under a class that is kept for ever
    ingest(province, DAY)
    store = ByteStore(province)
    assert expire_attachments(province, parse_as_of("2014-03-30")) == []
    assert expire_attachments(province, parse_as_of("2014-04-01")) == [f"so-mot/evidence/picture_{DAY}"]
    assert expire_attachments(province, parse_as_of("2014-04-01")) == []
    gone, kept = (
        rows(f"select sha256 from ops.attachment join ops.delivery using (delivery_id) where file_type = '{k}'") for k in ("png", "pdf")
    )
    assert len(gone) == 1 and len(kept) == 2
    with pytest.raises(DataError):
        list(store.read(gone[0][0]))
    assert b"".join(store.read(kept[0][0])) == both[1]
    with connect("cchc_owner") as connection:
        assert connection.execute("select count(*) from audit.event where what = 'bytes destroyed'").fetchone() == (1,)

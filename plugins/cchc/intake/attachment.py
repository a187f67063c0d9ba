"""Attachments: deliveries without rows, told by their first bytes, kept encrypted, never near a COPY."""

import io
import zipfile
from collections.abc import Iterable

from cchc.contracts import Attachment
from cchc.errors import UnreachableError
from cchc.intake.delivery import Delivery
from cchc.intake.store import ByteStore
from cchc.readers import Refusal
from cchc.warehouse.connect import connect
from cchc.warehouse.query import one
from cchc.warehouse.roles import LOADER

MEGABYTE = 1 << 20
MAGIC = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png", b"PK\x03\x04": "zip"}
OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
MOST_PARTS = 10_000  # of an office file; a list of millions would fill the memory
EMPTY_VI = "Tệp rỗng. Đề nghị gửi lại tệp có nội dung."
TYPE_VI = "Tệp không thuộc loại được nhận. Đề nghị gửi lại dưới dạng {types} (không có macro)."
SIZE_VI = "Tệp lớn quá {limit} MB. Đề nghị chia nhỏ hoặc giảm dung lượng rồi gửi lại."


def file_type(content: bytes) -> str | None:
    """pdf, jpg, png, docx or xlsx by the content, whatever the name says; None for everything else and for macros."""
    found = next((kind for magic, kind in MAGIC.items() if content.startswith(magic)), None)
    return _office_type(content) if found == "zip" else found


def _office_type(content: bytes) -> str | None:
    """Only the archive's list of names is read, nothing is unpacked."""
    if content.count(b"PK\x01\x02") > MOST_PARTS:
        return None
    try:
        names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return None
    return next((kind for part, kind in OFFICE.items() if part in names), None)


def tested(limits: Attachment, size: int, blocks: Iterable[bytes]) -> str:
    """The type of a file that keeps the limits; the same for a check before sending. Raises Refusal for its type or size."""
    if size == 0:
        raise Refusal("empty_file", EMPTY_VI)
    if size > limits.max_megabytes * MEGABYTE:
        raise Refusal("too_large", SIZE_VI.format(limit=limits.max_megabytes))
    found = file_type(b"".join(blocks))
    if found not in limits.types:
        raise Refusal("wrong_type", TYPE_VI.format(types=", ".join(limits.types)))
    return str(found)


def take_attachment(delivery: Delivery, limits: Attachment, sender: str, size: int, store: ByteStore) -> None:
    """Accept a file as a delivery of no rows. Raises Refusal for its type or size, UnreachableError when the claim was lost."""
    found = tested(limits, size, store.read(delivery.sha256))
    with connect(LOADER) as connection:
        attempt = one(connection.execute("select attempt from ops.source where source_id = %s for update", (delivery.source_id,)))[0]
        if attempt != delivery.attempt:
            raise UnreachableError(f"{delivery.source_id}: a newer attempt has taken this source over; this one stops")
        connection.execute(
            "update ops.delivery set status = 'accepted', judged = true where delivery_id = %s",  # no rows: nothing to count, not 0 of it
            (delivery.delivery_id,),
        )
        values = (sender, delivery.delivery_id, found, size, limits.retention)
        connection.execute("insert into ops.attachment values (%s, %s, %s, %s, %s) on conflict do nothing", values)
        # the file itself is what the sender's unit delivered, so that the coverage knows it came
        connection.execute("insert into ops.delivery_unit values (%s, %s, 1) on conflict do nothing", (sender, delivery.delivery_id))

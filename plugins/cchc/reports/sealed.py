"""Makes a DOCX or XLSX the same bytes each time: entries in order, one fixed timestamp, one packing."""

import io
import zipfile

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest a ZIP can say; the document's own date stands in its properties


def sealed(package: bytes) -> bytes:
    """`package` (a ZIP) packed anew without anything that depends on the clock."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(out, "w") as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            target.writestr(entry, source.read(name), compresslevel=6)
    return out.getvalue()

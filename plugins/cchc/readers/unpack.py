"""Zipped and gzipped deliveries: told by their first bytes, unpacked in memory within limits, one file each."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath

from cchc.readers.request import Refusal

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
LARGEST_PACKED = 256 << 20  # a zip is held in memory, its directory stands at its end
LARGEST_UNPACKED = 4 << 30
LARGEST_RATIO = 200  # text packs ten to thirty times; a bomb a thousand times
RATIO_FROM = 16 << 20  # small files may repeat themselves as they like
DAMAGED = "Tệp nén bị hỏng hoặc bị cắt ngắn. Đề nghị nén lại và gửi lại."
LOCKED = "Tệp nén có mật khẩu. Đề nghị nén lại không đặt mật khẩu và gửi lại."


class Bounded(io.RawIOBase):
    """What comes out of a packed file: errors of the packing are refusals, and so is more than the limits allow."""

    def __init__(self, stream: io.BufferedIOBase, packed: "Counted"):
        self._stream, self._packed, self._out = stream, packed, 0

    def readable(self) -> bool:
        """Always: io asks."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill `buffer`; raises Refusal for damage and for bombs."""
        with refusing_damage():
            block = self._stream.read(len(buffer))
        self._out += len(block)
        if self._out > LARGEST_UNPACKED or (self._out > RATIO_FROM and self._out > LARGEST_RATIO * self._packed.size):
            raise Refusal("too_large", "Tệp nén bung ra quá lớn. Đề nghị chia tệp nhỏ hơn.")
        buffer[: len(block)] = block
        return len(block)


class Counted(io.RawIOBase):
    """A stream that knows how many bytes were taken from it."""

    def __init__(self, stream: io.BufferedIOBase):
        self._stream, self.size = stream, 0

    def readable(self) -> bool:
        """Always: io asks."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill `buffer` with what the stream has."""
        taken = self._stream.readinto(buffer)
        self.size += taken
        return taken


def unpacked(raw: io.BufferedReader, kind: str) -> io.BufferedIOBase:
    """The delivery's own bytes; a workbook is a zip of its own and passes, unless it lies in another one.

    Raises Refusal for a damaged, locked or oversized archive, one of several files, or names that lead out of it.
    """
    start = raw.peek(4)[:4]
    if start.startswith(GZIP):
        packed = Counted(raw)
        return _once(io.BufferedReader(Bounded(gzip.GzipFile(fileobj=io.BufferedReader(packed)), packed), 1 << 20), kind)
    if start == ZIP:
        return _of_zip(raw.read(LARGEST_PACKED + 1), kind)
    return raw


def _of_zip(content: bytes, kind: str) -> io.BufferedIOBase:
    if len(content) > LARGEST_PACKED:
        raise Refusal("too_large", "Tệp nén quá lớn. Đề nghị chia tệp nhỏ hơn.")
    with refusing_damage():
        archive = zipfile.ZipFile(io.BytesIO(content))
    names = [entry.filename for entry in archive.infolist() if not entry.is_dir() and not entry.filename.startswith("__MACOSX/")]
    if kind in ("xlsx", "peek") and "xl/workbook.xml" in names:
        return io.BytesIO(content)
    if any(name.startswith("/") or "\\" in name or ".." in PurePosixPath(name).parts for name in names):
        raise Refusal("unreadable", "Tệp nén có tên tệp trỏ ra ngoài thư mục. Đề nghị nén lại.")
    if len(names) != 1:
        raise Refusal("several_files", f"Tệp nén có {len(names)} tệp, chỉ nhận một. Đề nghị gửi riêng từng tệp.")
    entry = archive.getinfo(names[0])
    if entry.flag_bits & 1:
        raise Refusal("locked", LOCKED)
    with refusing_damage():
        packed = Counted(io.BytesIO())
        packed.size = entry.compress_size
        return _once(io.BufferedReader(Bounded(archive.open(entry), packed), 1 << 20), kind)  # type: ignore[arg-type]


def _once(inner: io.BufferedReader, kind: str) -> io.BufferedIOBase:
    """Raises Refusal when what comes out is packed again; a workbook may be: it is an archive itself."""
    start = inner.peek(4)[:4]
    if start.startswith(GZIP) or (start == ZIP and kind not in ("xlsx", "peek")):
        raise Refusal("packed_twice", "Tệp nén chứa một tệp nén khác. Đề nghị nén một lần, hoặc gửi tệp không nén.")
    return inner


@contextmanager
def refusing_damage() -> Iterator[None]:
    """Whatever a packed file raises when it is damaged becomes one refusal."""
    try:
        yield
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError) as error:
        raise Refusal("unreadable", DAMAGED) from error

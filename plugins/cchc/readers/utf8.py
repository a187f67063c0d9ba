"""A file's bytes as UTF-8 whatever its declared encoding, with its records counted as they pass."""

import codecs
import io

import numpy as np

from cchc.readers.guess import SAMPLE, contradicts, guess_encoding
from cchc.readers.legacy import decoder
from cchc.readers.request import Refusal

BLOCK = 4 << 20
QUOTE = '"'


class Utf8Stream(io.RawIOBase):
    """The file as UTF-8, with its records counted by quote parity as they pass.

    Bytes declared UTF-8 pass as they are: the parser checks every column that is kept.
    """

    def __init__(self, raw: io.BufferedIOBase, encoding: str, quote: str = QUOTE):
        self._raw = raw
        self._quote = quote.encode()
        self._sample = b""
        self._encoding = encoding
        self._decoder = None if encoding == "utf-8" else decoder(encoding)
        self._rest = self._fill().removeprefix(codecs.BOM_UTF8)
        self._quoted = False
        self._newlines = 0
        self._last = b"\n"

    def readable(self) -> bool:
        """Always: io asks."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill `buffer`, counted; 0 at the end."""
        block = self.take(len(buffer))
        buffer[: len(block)] = block
        return len(block)

    def take(self, size: int) -> bytes:
        """Up to `size` bytes, counted; empty at the end."""
        if not self._rest:
            self._rest = self._fill()
        block, self._rest = self._rest[:size], self._rest[size:]
        self._count(block)
        return block

    def peek(self, size: int) -> bytes:
        """The first `size` bytes without counting them."""
        while len(self._rest) < size:
            more = self._fill()
            if not more:
                break
            self._rest += more
        return self._rest[:size]

    def records(self) -> int:
        """Records seen. Raises Refusal when a quote is still open at the end."""
        if self._quoted:
            raise Refusal("unreadable", "Tệp có dấu ngoặc kép chưa đóng: có thể tệp bị cắt ngắn. Đề nghị gửi lại tệp đầy đủ.")
        return self._newlines + (self._last != b"\n")

    def _fill(self) -> bytes:
        while True:
            raw = self._raw.read(BLOCK)
            self._look(raw)
            if self._decoder is None:
                return raw
            try:
                text = self._decoder.decode(raw, final=not raw)
            except UnicodeError as error:
                raise self.wrong_encoding() from error
            if text or not raw:
                return text.encode()

    def _look(self, raw: bytes) -> None:
        """The first block tells whether the declared encoding can be right: one-byte encodings decode anything."""
        if self._sample or not raw:
            return
        self._sample = raw[:SAMPLE]
        if contradicts(self._sample, self._encoding):
            raise self.wrong_encoding()

    def wrong_encoding(self) -> Refusal:
        """The refusal of this file for its encoding, with the one it seems to be in when that is sure."""
        found = guess_encoding(self._sample)
        seems = f" Có vẻ là {found.encoding}." if found.sure and found.encoding != self._encoding else ""
        return Refusal("wrong_encoding", f"Tệp không đúng bảng mã đã khai báo ({self._encoding}).{seems} Đề nghị lưu lại tệp theo "
                       "bảng mã này hoặc khai báo bảng mã đúng.")  # fmt: skip

    def _count(self, block: bytes) -> None:
        if not block:
            return
        self._last = block[-1:]
        if self._quote not in block:
            self._newlines += 0 if self._quoted else block.count(b"\n")
            return
        data = np.frombuffer(block, np.uint8)
        inside = (np.cumsum(data == self._quote[0]) + self._quoted) % 2
        self._newlines += int(((data == ord("\n")) & (inside == 0)).sum())
        self._quoted = bool(inside[-1])

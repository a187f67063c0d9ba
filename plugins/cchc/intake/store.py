"""The byte store: every delivery's bytes, encrypted under its own key, named by the SHA-256 of the plain bytes.

Layout: `<home>/bytes/ab/<sha256>.enc` and, elsewhere, `<keys>/deliveries/ab/<sha256>.key` (decision 11).
A file is frames of 1 MiB, each sealed by AES-256-GCM with its number and a last-frame mark, so a cut or
reordered file does not open.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cchc.errors import DataError
from cchc.settings import Settings

FRAME = 1 << 20
SEAL = 16


class ByteStore:
    """Keeps and gives back bytes by their hash."""

    def __init__(self, config: Settings):
        self._bytes = config.bytes_path
        self._keys = config.keys_path / "deliveries"

    def path(self, digest: str) -> Path:
        """Where the sealed bytes lie."""
        return self._bytes / digest[:2] / f"{digest}.enc"

    def key_path(self, digest: str) -> Path:
        """Where the key of these bytes lies."""
        return self._keys / digest[:2] / f"{digest}.key"

    def keep(self, source: Path) -> str:
        """Store the file's bytes, once; returns their SHA-256. Safe to be killed and repeated."""
        with open(source, "rb") as file:
            digest = _digest(file)
            if not (self.path(digest).exists() and self.key_path(digest).exists()):
                file.seek(0)
                self._seal(file, digest)
        return digest

    def read(self, digest: str) -> Iterator[bytes]:
        """The plain bytes, frame by frame.

        Raises DataError when the key was destroyed or the file is not what was stored.
        """
        try:
            key = AESGCM(self.key_path(digest).read_bytes())
            file = open(self.path(digest), "rb")  # noqa: SIM115  (closed below)
        except FileNotFoundError as error:
            raise DataError(f"the bytes {digest[:12]} can't be opened: {error.filename} is not there (key destroyed?)") from error
        with file:
            yield from _open_frames(file, key, digest)

    def destroy(self, digest: str) -> None:
        """Destroy the key and the bytes; what is left in the warehouse is the hash."""
        for path in (self.key_path(digest), self.path(digest)):
            path.unlink(missing_ok=True)

    def _seal(self, file: BinaryIO, digest: str) -> None:
        """One key per content: whoever comes second finds it there, so two writers seal the same bytes alike."""
        path = self.key_path(digest)
        if not path.exists():
            _write(path, iter([AESGCM.generate_key(256)]), keep_first=True)
        total = sha256()
        _write(self.path(digest), _sealed_frames(file, AESGCM(path.read_bytes()), total))
        if total.hexdigest() != digest:
            self.path(digest).unlink()
            raise DataError("the file changed while it was read: it is taken when its sender has finished writing it")


def _digest(file: BinaryIO) -> str:
    total = sha256()
    while block := file.read(FRAME):
        total.update(block)
    return total.hexdigest()


def _sealed_frames(file: BinaryIO, key: AESGCM, total: Any) -> Iterator[bytes]:
    number, block = 0, file.read(FRAME)
    while True:
        total.update(block)
        following = file.read(FRAME)
        yield key.encrypt(_nonce(number), block, b"more" if following else b"last")
        if not following:
            return
        number, block = number + 1, following


def _open_frames(file: BinaryIO, key: AESGCM, digest: str) -> Iterator[bytes]:
    number, sealed = 0, file.read(FRAME + SEAL)
    while sealed:
        following = file.read(FRAME + SEAL)
        try:
            yield key.decrypt(_nonce(number), sealed, b"more" if following else b"last")
        except InvalidTag as error:
            raise DataError(f"the kept bytes {digest[:12]} were changed: restore them from a backup") from error
        number, sealed = number + 1, following


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")  # a key seals one file, so the frame number never repeats under it


def _write(path: Path, blocks: Iterator[bytes], keep_first: bool = False) -> None:
    """Write beside, sync, put in place: a reader sees the whole file or none. `keep_first`: an older file stays."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for block in blocks:
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    if keep_first:
        with suppress(FileExistsError):
            os.link(beside, path)
        beside.unlink()
    else:
        beside.rename(path)

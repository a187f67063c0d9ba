"""The byte store: sealed under its hash, opens to the same bytes, notices every change."""

import threading
from pathlib import Path

import pytest

from cchc.errors import DataError
from cchc.intake.store import FRAME, ByteStore
from cchc.settings import Settings


@pytest.fixture
def store(tmp_path: Path) -> ByteStore:
    return ByteStore(Settings(home=tmp_path / "home", keys=tmp_path / "keys"))


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "file"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("size", [0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME])
def test_what_is_kept_comes_back(store: ByteStore, tmp_path: Path, size: int) -> None:
    content = bytes(k * 7 % 251 for k in range(size % 5000)) * (size // max(size % 5000, 1)) + b"x" * (size % 3)
    digest = store.keep(written(tmp_path, content))
    assert b"".join(store.read(digest)) == content
    assert content[:64] not in store.path(digest).read_bytes() or len(content) < 8


def test_a_changed_cut_or_reordered_file_does_not_open(store: ByteStore, tmp_path: Path) -> None:
    digest = store.keep(written(tmp_path, b"a" * (2 * FRAME + 5)))
    sealed = store.path(digest).read_bytes()
    frame = FRAME + 16
    broken = [sealed[:-1], sealed[: 2 * frame], sealed[frame:], sealed[frame : 2 * frame] + sealed[:frame] + sealed[2 * frame :],
              sealed[:100] + bytes([sealed[100] ^ 1]) + sealed[101:]]  # fmt: skip
    for content in broken:
        store.path(digest).write_bytes(content)
        with pytest.raises(DataError, match="changed"):
            list(store.read(digest))


def test_destroying_the_key_destroys_the_bytes(store: ByteStore, tmp_path: Path) -> None:
    digest = store.keep(written(tmp_path, b"secret"))
    store.destroy(digest)
    assert not store.path(digest).exists()
    with pytest.raises(DataError, match="key destroyed"):
        list(store.read(digest))


def test_two_writers_of_the_same_bytes_leave_one_good_file(store: ByteStore, tmp_path: Path) -> None:
    path = written(tmp_path, b"q" * FRAME)
    threads = [threading.Thread(target=store.keep, args=(path,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert b"".join(store.read(store.keep(path))) == b"q" * FRAME


def test_keys_lie_apart_and_are_ours_alone(store: ByteStore, tmp_path: Path) -> None:
    digest = store.keep(written(tmp_path, b"z"))
    assert store.key_path(digest).is_relative_to(tmp_path / "keys")
    assert store.key_path(digest).stat().st_mode & 0o077 == 0
    assert store.path(digest).stat().st_mode & 0o077 == 0

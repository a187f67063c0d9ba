"""Starts reading processes and talks to them; the parent only ever sees Arrow columns and a verdict."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import lru_cache

import pyarrow as pa

from cchc.readers.request import Refusal, Request, Tally

DEADLINE_SECONDS = 900
BROKEN_VI = "Chương trình đọc tệp bị dừng (tệp quá lớn hoặc hỏng). Đề nghị kiểm tra và gửi lại."


class _Server:
    """The loaded process that forks readers; one per process of ours."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "cchc.readers.server", str(theirs.fileno())], pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
        )
        theirs.close()
        self._link = ours
        self._lock = threading.Lock()

    def fork(self, request: Request, descriptors: list[int]) -> int:
        """A new reading child that owns `descriptors`; returns its process number."""
        with self._lock:
            socket.send_fds(self._link, [json.dumps(asdict(request)).encode()], descriptors)
            return int(self._link.recv(64))


@lru_cache(maxsize=1)
def _server(_process_number: int) -> _Server:
    return _Server()


def read_rows(blocks: Iterable[bytes], request: Request, tally: Tally) -> Iterator[pa.RecordBatch]:
    """Batches of text columns (the request's names plus `_line`) read from `blocks` in a child process.

    `tally` is filled when the last batch is out. Raises Refusal when the child refuses or dies, and whatever
    `blocks` itself raises.
    """
    (source, feed), (columns, out), (verdict, answer) = (os.pipe() for _ in range(3))
    child = _server(os.getpid()).fork(request, [source, out, answer])
    for theirs in (source, out, answer):
        os.close(theirs)
    failures: list[BaseException] = []
    feeder = threading.Thread(target=_feed, args=(blocks, feed, failures), daemon=True)
    feeder.start()
    watch = threading.Timer(DEADLINE_SECONDS, _kill, args=(child,))
    watch.start()
    with os.fdopen(columns, "rb") as stream, os.fdopen(verdict, "rb") as last_word:
        try:
            yield from _batches(stream)
            answered = last_word.read()
            feeder.join()
            if failures:
                raise failures[0]
            vars(tally).update(vars(_verdict(answered)))
        finally:
            watch.cancel()
            if feeder.is_alive():
                _kill(child)


def _kill(child: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)


def _feed(blocks: Iterable[bytes], feed: int, failures: list[BaseException]) -> None:
    try:
        with os.fdopen(feed, "wb", buffering=0) as sink:
            for block in blocks:
                rest = memoryview(block)
                while rest:
                    rest = rest[sink.write(rest) :]
    except BrokenPipeError:
        return  # the child refused before the end; its verdict says why
    except BaseException as error:  # noqa: BLE001  (handed to the reading side, which raises it)
        failures.append(error)


def _batches(stream: object) -> Iterator[pa.RecordBatch]:
    """The child's Arrow stream; a stream that breaks off just ends here, the verdict tells why."""
    with contextlib.suppress(pa.ArrowInvalid):
        yield from pa.ipc.open_stream(stream)


def _verdict(answered: bytes) -> Tally:
    if not answered:
        raise Refusal("unreadable", BROKEN_VI)
    told = json.loads(answered)
    if "rule" in told:
        raise Refusal(told["rule"], told["message_vi"])
    return Tally(**told)
